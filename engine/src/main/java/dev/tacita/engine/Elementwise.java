package dev.tacita.engine;

import dev.tacita.core.model.ActivationFunction;

/** An activation over the beginning of an array, and its way back. */
interface Elementwise {
    void forward(float[] x, float[] y, int length);

    /** {@code to = signal * f'(x)}, where y = f(x). */
    void backward(float[] x, float[] y, float[] signal, float[] to, int length);

    /** Whether {@link #backward} reads y only, so that y may take the place of x, and the new signal that of the old. */
    default boolean goesBackByResult() {
        return false;
    }

    static Elementwise of(ActivationFunction function) {
        if (function instanceof ActivationFunction.Relu) {
            return new Relu();
        } else if (function instanceof ActivationFunction.LeakyRelu leaky) {
            return new LeakyRelu((float) leaky.slope());
        } else if (function instanceof ActivationFunction.Elu elu) {
            return new Elu((float) elu.alpha());
        } else if (function instanceof ActivationFunction.Tanh) {
            return new Tanh();
        } else if (function instanceof ActivationFunction.Sigmoid) {
            return new Sigmoid();
        } else if (function instanceof ActivationFunction.Softplus) {
            return new Softplus();
        } else if (function instanceof ActivationFunction.Gelu gelu) {
            return gelu.tanhApproximation() ? new TanhGelu() : new Gelu();
        } else if (function instanceof ActivationFunction.Silu) {
            return new Silu();
        } else if (function instanceof ActivationFunction.Hardtanh hardtanh) {
            return new Hardtanh((float) hardtanh.min(), (float) hardtanh.max());
        } else if (function instanceof ActivationFunction.Relu6) {
            return new Hardtanh(0, 6);
        }
        throw new IllegalArgumentException("the engine knows no activation " + function);
    }

    /** {@code 1 / (1 + e^-x)} without overflow. */
    static float sigmoid(float x) {
        return (float) (1 / (1 + Math.exp(-x)));
    }

    /** max(0, x). Its slope is computed without a branch, which could not be predicted. */
    record Relu() implements Elementwise {
        @Override
        public void forward(float[] x, float[] y, int length) {
            for (int i = 0; i < length; i++) {
                y[i] = Math.max(x[i], 0f);
            }
        }

        @Override
        public void backward(float[] x, float[] y, float[] signal, float[] to, int length) {
            for (int i = 0; i < length; i++) {
                to[i] = signal[i] * Math.min(1f, y[i] * Float.MAX_VALUE);
            }
        }

        @Override
        public boolean goesBackByResult() {
            return true;
        }
    }

    /** x for x above 0, else slope * x. */
    record LeakyRelu(float slope) implements Elementwise {
        @Override
        public void forward(float[] x, float[] y, int length) {
            float negative = slope;
            for (int i = 0; i < length; i++) {
                float value = x[i];
                y[i] = value > 0 ? value : negative * value;
            }
        }

        @Override
        public void backward(float[] x, float[] y, float[] signal, float[] to, int length) {
            float negative = slope;
            for (int i = 0; i < length; i++) {
                to[i] = signal[i] * (x[i] > 0 ? 1f : negative);
            }
        }
    }

    /** x for x above 0, else alpha * (e^x - 1). */
    record Elu(float alpha) implements Elementwise {
        @Override
        public void forward(float[] x, float[] y, int length) {
            for (int i = 0; i < length; i++) {
                y[i] = x[i] > 0 ? x[i] : alpha * (float) Math.expm1(x[i]);
            }
        }

        @Override
        public void backward(float[] x, float[] y, float[] signal, float[] to, int length) {
            for (int i = 0; i < length; i++) {
                to[i] = signal[i] * (x[i] > 0 ? 1f : y[i] + alpha);
            }
        }
    }

    /** Hyperbolic tangent. */
    record Tanh() implements Elementwise {
        @Override
        public void forward(float[] x, float[] y, int length) {
            for (int i = 0; i < length; i++) {
                y[i] = VectorMath.tanh(x[i]);
            }
        }

        @Override
        public void backward(float[] x, float[] y, float[] signal, float[] to, int length) {
            for (int i = 0; i < length; i++) {
                to[i] = signal[i] * (1 - y[i] * y[i]);
            }
        }

        @Override
        public boolean goesBackByResult() {
            return true;
        }
    }

    /** 1 / (1 + e^-x). */
    record Sigmoid() implements Elementwise {
        @Override
        public void forward(float[] x, float[] y, int length) {
            for (int i = 0; i < length; i++) {
                y[i] = sigmoid(x[i]);
            }
        }

        @Override
        public void backward(float[] x, float[] y, float[] signal, float[] to, int length) {
            for (int i = 0; i < length; i++) {
                to[i] = signal[i] * y[i] * (1 - y[i]);
            }
        }

        @Override
        public boolean goesBackByResult() {
            return true;
        }
    }

    /** log(1 + e^x). */
    record Softplus() implements Elementwise {
        @Override
        public void forward(float[] x, float[] y, int length) {
            for (int i = 0; i < length; i++) {
                y[i] = (float) (Math.max(x[i], 0f) + Math.log1p(Math.exp(-Math.abs(x[i]))));
            }
        }

        @Override
        public void backward(float[] x, float[] y, float[] signal, float[] to, int length) {
            for (int i = 0; i < length; i++) {
                to[i] = signal[i] * sigmoid(x[i]);
            }
        }
    }

    /** x/2 * (1 + erf(x / sqrt 2)). Its way back takes two loops, each short enough to run in vector registers. */
    record Gelu() implements Elementwise {
        private static final float ROOT = (float) Math.sqrt(0.5);
        private static final float DENSITY = (float) (1 / Math.sqrt(2 * Math.PI));

        @Override
        public void forward(float[] x, float[] y, int length) {
            for (int i = 0; i < length; i++) {
                y[i] = x[i] * (0.5f + 0.5f * VectorMath.erf(ROOT * x[i]));
            }
        }

        @Override
        public void backward(float[] x, float[] y, float[] signal, float[] to, int length) {
            for (int i = 0; i < length; i++) {
                to[i] = 0.5f + 0.5f * VectorMath.erf(ROOT * x[i]);
            }
            for (int i = 0; i < length; i++) {
                to[i] = signal[i] * (to[i] + DENSITY * x[i] * VectorMath.gaussian(x[i]));
            }
        }
    }

    /** x/2 * (1 + tanh(sqrt(2/pi) * (x + 0.044715 x^3))), in short loops too. */
    record TanhGelu() implements Elementwise {
        private static final float ROOT = (float) Math.sqrt(2 / Math.PI);
        private static final float CUBIC = 0.044715f;

        @Override
        public void forward(float[] x, float[] y, int length) {
            for (int i = 0; i < length; i++) {
                float tanh = VectorMath.tanh(ROOT * (x[i] + CUBIC * x[i] * x[i] * x[i]));
                y[i] = x[i] * (0.5f + 0.5f * tanh);
            }
        }

        @Override
        public void backward(float[] x, float[] y, float[] signal, float[] to, int length) {
            for (int i = 0; i < length; i++) {
                to[i] = VectorMath.tanh(ROOT * (x[i] + CUBIC * x[i] * x[i] * x[i]));
            }
            for (int i = 0; i < length; i++) {
                float tanh = to[i];
                float inner = ROOT * (1 + 3 * CUBIC * x[i] * x[i]);
                to[i] = signal[i] * (0.5f + 0.5f * tanh + 0.5f * x[i] * (1 - tanh * tanh) * inner);
            }
        }
    }

    /** x / (1 + e^-x). */
    record Silu() implements Elementwise {
        @Override
        public void forward(float[] x, float[] y, int length) {
            for (int i = 0; i < length; i++) {
                y[i] = x[i] * (0.5f + 0.5f * VectorMath.tanh(0.5f * x[i]));
            }
        }

        @Override
        public void backward(float[] x, float[] y, float[] signal, float[] to, int length) {
            for (int i = 0; i < length; i++) {
                float sigmoid = 0.5f + 0.5f * VectorMath.tanh(0.5f * x[i]);
                to[i] = signal[i] * (sigmoid + x[i] * sigmoid * (1 - sigmoid));
            }
        }
    }

    /** x held between two bounds. Its slope, 0 at the bounds, is computed without a branch. */
    record Hardtanh(float min, float max) implements Elementwise {
        @Override
        public void forward(float[] x, float[] y, int length) {
            float least = min;
            float most = max;
            for (int i = 0; i < length; i++) {
                y[i] = Math.min(Math.max(x[i], least), most);
            }
        }

        @Override
        public void backward(float[] x, float[] y, float[] signal, float[] to, int length) {
            float least = min;
            float most = max;
            for (int i = 0; i < length; i++) {
                float above = Math.min(1f, (y[i] - least) * Float.MAX_VALUE);
                float below = Math.min(1f, (most - y[i]) * Float.MAX_VALUE);
                to[i] = signal[i] * above * below;
            }
        }

        @Override
        public boolean goesBackByResult() {
            return true;
        }
    }
}
