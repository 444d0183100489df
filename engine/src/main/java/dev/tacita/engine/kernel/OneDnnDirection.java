package dev.tacita.engine.kernel;

import org.bytedeco.dnnl.stream;

/** One direction of a convolution, prepared for one number of images, from native memory to native memory. */
interface OneDnnDirection {
    /** To be called before the first of several runs with the same weight. */
    void begin(stream queue);

    void run(stream queue);
}
