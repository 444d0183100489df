package dev.tacita.engine.kernel;

import static org.bytedeco.dnnl.global.dnnl.dnnl_convolution_direct;
import static org.bytedeco.dnnl.global.dnnl.dnnl_forward_training;
import static org.bytedeco.dnnl.global.dnnl.dnnl_scratchpad_mode_user;

import dev.tacita.core.model.Window;
import org.bytedeco.dnnl.convolution_backward_data;
import org.bytedeco.dnnl.convolution_backward_weights;
import org.bytedeco.dnnl.convolution_forward;
import org.bytedeco.dnnl.engine;
import org.bytedeco.dnnl.memory;
import org.bytedeco.dnnl.primitive_attr;

/** What oneDNN is told about a convolution of some images: shapes, and that it may choose every layout. */
final class OneDnnProblem {
    private final engine processor;
    private final ConvolutionShape shape;
    private final long[] imageDimensions;
    private final long[] outputDimensions;
    private final long[] weightDimensions;
    private final long[] strides;
    private final long[] dilation;
    private final long[] paddingBefore;
    private final long[] paddingAfter;

    OneDnnProblem(engine processor, ConvolutionShape shape, int images) {
        this.processor = processor;
        this.shape = shape;
        Window window = shape.window();
        int groups = shape.groups();
        imageDimensions = new long[] {images, shape.channels(), shape.height(), shape.width()};
        outputDimensions = new long[] {images, shape.filters(), shape.outputHeight(), shape.outputWidth()};
        weightDimensions = groups == 1
                ? new long[] {shape.filters(), shape.channels(), window.height(), window.width()}
                : new long[] {
                    groups, shape.filters() / groups, shape.channels() / groups, window.height(), window.width()
                };
        strides = new long[] {window.strideHeight(), window.strideWidth()};
        dilation = new long[] {window.dilationHeight() - 1, window.dilationWidth() - 1};
        paddingBefore = new long[] {window.paddingHeight(), window.paddingWidth()};
        paddingAfter = new long[] {
            paddingAfter(
                            shape.outputHeight(),
                            window.strideHeight(),
                            window.height(),
                            window.dilationHeight(),
                            shape.height())
                    - window.paddingHeight(),
            paddingAfter(
                            shape.outputWidth(),
                            window.strideWidth(),
                            window.width(),
                            window.dilationWidth(),
                            shape.width())
                    - window.paddingWidth()
        };
    }

    private static int paddingAfter(int outputs, int stride, int kernel, int dilation, int inputs) {
        return (outputs - 1) * stride + (kernel - 1) * dilation + 1 - inputs;
    }

    engine processor() {
        return processor;
    }

    boolean bias() {
        return shape.bias();
    }

    memory.desc images() {
        return plain(imageDimensions, memory.format_tag.nchw);
    }

    memory.desc outputs() {
        return plain(outputDimensions, memory.format_tag.nchw);
    }

    memory.desc weight() {
        return plain(weightDimensions, shape.groups() == 1 ? memory.format_tag.oihw : memory.format_tag.goihw);
    }

    memory.desc biases() {
        return plain(new long[] {shape.filters()}, memory.format_tag.x);
    }

    convolution_forward.primitive_desc forward() {
        convolution_forward.desc description = shape.bias()
                ? new convolution_forward.desc(
                        dnnl_forward_training,
                        dnnl_convolution_direct,
                        any(imageDimensions),
                        any(weightDimensions),
                        biases(),
                        any(outputDimensions),
                        strides,
                        dilation,
                        paddingBefore,
                        paddingAfter)
                : new convolution_forward.desc(
                        dnnl_forward_training,
                        dnnl_convolution_direct,
                        any(imageDimensions),
                        any(weightDimensions),
                        any(outputDimensions),
                        strides,
                        dilation,
                        paddingBefore,
                        paddingAfter);
        return new convolution_forward.primitive_desc(description, attributes(), processor);
    }

    convolution_backward_data.primitive_desc backward() {
        return new convolution_backward_data.primitive_desc(
                new convolution_backward_data.desc(
                        dnnl_convolution_direct,
                        any(imageDimensions),
                        any(weightDimensions),
                        any(outputDimensions),
                        strides,
                        dilation,
                        paddingBefore,
                        paddingAfter),
                attributes(),
                processor,
                forward());
    }

    convolution_backward_weights.primitive_desc collect() {
        convolution_backward_weights.desc description = shape.bias()
                ? new convolution_backward_weights.desc(
                        dnnl_convolution_direct,
                        any(imageDimensions),
                        any(weightDimensions),
                        biases(),
                        any(outputDimensions),
                        strides,
                        dilation,
                        paddingBefore,
                        paddingAfter)
                : new convolution_backward_weights.desc(
                        dnnl_convolution_direct,
                        any(imageDimensions),
                        any(weightDimensions),
                        any(outputDimensions),
                        strides,
                        dilation,
                        paddingBefore,
                        paddingAfter);
        return new convolution_backward_weights.primitive_desc(description, attributes(), processor, forward());
    }

    /**
     * Working memory is the caller's: the library's own belongs to the thread that prepares a computation, and another may
     * run it.
     */
    static primitive_attr attributes() {
        primitive_attr attributes = new primitive_attr();
        attributes.set_scratchpad_mode(dnnl_scratchpad_mode_user);
        return attributes;
    }

    private static memory.desc any(long[] dimensions) {
        return plain(dimensions, memory.format_tag.any);
    }

    private static memory.desc plain(long[] dimensions, memory.format_tag layout) {
        return new memory.desc(dimensions, memory.data_type.f32, layout);
    }
}
