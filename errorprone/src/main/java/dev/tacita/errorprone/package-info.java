/** How the build's compiler finds Error Prone. */
package dev.tacita.errorprone;
