<<<<<<< HEAD
/** Tests of the site agent and the client SDK. */
=======
/** Tests of the site agent and its data. */
>>>>>>> refs/heads/main
@NullMarked
package dev.tacita.client;

import org.jspecify.annotations.NullMarked;
