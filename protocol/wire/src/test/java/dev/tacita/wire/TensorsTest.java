package dev.tacita.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.tacita.core.learning.ModelUpdate;
import dev.tacita.core.learning.ProtectedUpdate;
import dev.tacita.core.learning.Protection;
import dev.tacita.core.number.FixedPoint;
import dev.tacita.wire.RefusedMessageException.Reason;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.security.MessageDigest;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TensorsTest {
    private static final int CHUNK = TensorHeader.CHUNK_BYTES / Float.BYTES;

    @ParameterizedTest
    @ValueSource(ints = {1, CHUNK - 1, CHUNK, CHUNK + 1, 3 * CHUNK + 17})
    void chunksPutTogetherAreTheTensor(int size) throws RefusedMessageException {
        float[] values = values(size);
        TensorHeader header = Tensors.header(values);
        TensorAssembler assembler = new TensorAssembler(header, size);
        for (int i = 0; i < header.chunks().size(); i++) {
            assertThat(assembler.isComplete()).isFalse();
            assembler.add(Tensors.chunk(values, i));
        }
        assertThat(assembler.isComplete()).isTrue();
        assertThat(assembler.model(Tensors.sha256(values))).isEqualTo(values);
    }

    @Test
    void hashesAreOfTheLittleEndianBytes() throws Exception {
        float[] values = values(CHUNK + 5);
        ByteBuffer bytes = ByteBuffer.allocate(values.length * 4).order(ByteOrder.LITTLE_ENDIAN);
        for (float value : values) {
            bytes.putFloat(value);
        }
        byte[] expected = MessageDigest.getInstance("SHA-256").digest(bytes.array());
        assertThat(Tensors.sha256(values)).isEqualTo(Hash.of(expected));
        assertThat(Tensors.sha256(bytes.flip())).isEqualTo(Hash.of(expected));
    }

    @Test
    void aChunkWithAnotherBitIsRefused() {
        float[] values = values(CHUNK + 5);
        TensorHeader header = Tensors.header(values);
        values[CHUNK + 4] = Math.nextUp(values[CHUNK + 4]);
        assertThat(refusal(header, Tensors.chunk(values, 1))).isEqualTo(Reason.WRONG_HASH);
    }

    @Test
    void aChunkOfAnotherLengthIsRefused() {
        TensorHeader header = Tensors.header(values(CHUNK + 5));
        assertThat(refusal(header, Tensors.chunk(values(CHUNK + 4), 1))).isEqualTo(Reason.TRUNCATED);
        assertThat(refusal(header, Tensors.chunk(values(CHUNK + 6), 1))).isEqualTo(Reason.TRUNCATED);
    }

    @Test
    void aChunkThatWasNotAnnouncedIsRefused() {
        assertThat(refusal(Tensors.header(values(5)), Tensors.chunk(values(CHUNK + 5), 1)))
                .isEqualTo(Reason.OUT_OF_ORDER);
    }

    @Test
    void anAssemblerTakesChunksInOrderOnly() throws RefusedMessageException {
        float[] values = values(2 * CHUNK);
        TensorAssembler assembler = new TensorAssembler(Tensors.header(values), values.length);
        assertThat(refusal(assembler, Tensors.chunk(values, 1))).isEqualTo(Reason.OUT_OF_ORDER);
        assembler.add(Tensors.chunk(values, 0));
        assertThat(refusal(assembler, Tensors.chunk(values, 0))).isEqualTo(Reason.OUT_OF_ORDER);
        assertThatIllegalStateException().isThrownBy(assembler::values).withMessageContaining("2 chunks");
        assembler.add(Tensors.chunk(values, 1));
        assertThatExceptionOfType(RefusedMessageException.class)
                .isThrownBy(() -> assembler.model(SampleMessages.MODEL))
                .extracting(RefusedMessageException::reason)
                .isEqualTo(Reason.WRONG_HASH);
    }

    @Test
    void anAssemblerMakesNoRoomForAnotherShape() {
        TensorHeader header = Tensors.header(values(10));
        TensorHeader words = new TensorHeader(ElementType.INT32, 10, header.chunks());
        for (TensorHeader wrong : List.of(header, words)) {
            assertThatExceptionOfType(RefusedMessageException.class)
                    .isThrownBy(() -> new TensorAssembler(wrong, wrong.type() == ElementType.INT32 ? 10 : 11))
                    .extracting(RefusedMessageException::reason)
                    .isEqualTo(Reason.WRONG_SHAPE);
        }
    }

    @Test
    void thereIsNoEmptyTensor() {
        assertThatIllegalArgumentException().isThrownBy(() -> Tensors.header(new float[0]));
        assertThatExceptionOfType(IndexOutOfBoundsException.class)
                .isThrownBy(() -> Tensors.chunk(values(CHUNK), 1))
                .withMessageContaining("Provided value: 1");
    }

    @Test
    void aContributionIsAHeaderAndItsChunksMadeAnewEachTime() throws RefusedMessageException {
        float[] values = values(2 * CHUNK + 3);
        ProtectedUpdate update = new ModelUpdate(values, 12)
                .withoutClipping()
                .encode(FixedPoint.STANDARD)
                .plainForEveryoneToRead();
        List<Frame> frames = ContributionMessages.training(
                SampleMessages.PLACE,
                SampleMessages.BASEL,
                "s-1",
                update,
                SharedMetrics.NONE,
                2,
                OptionalDouble.empty());
        SiteMessage.ContributionHeader header = (SiteMessage.ContributionHeader)
                MessageCodec.decode(frames.get(0).bytes());
        assertThat(header.weight()).isEqualTo(12);
        assertThat(header.protection()).isEqualTo(Protection.PLAIN);
        TensorAssembler assembler = new TensorAssembler(header.tensor().orElseThrow(), values.length);
        for (Frame frame : frames.subList(1, frames.size())) {
            assertThat(frame.key()).isEqualTo(frames.get(0).key());
            assembler.add(((SiteMessage.ContributionChunk) MessageCodec.decode(frame.bytes())).chunk());
        }
        assertThat(assembler.values()).isEqualTo(values);
        assertThat(frames.get(1)).isEqualTo(frames.get(1)).isNotSameAs(frames.get(1));
    }

    @Test
    void theEnvelopesOfAContributionAreUnderATwentiethOfAPercent() {
        float[] values = values(1_663_370);
        ProtectedUpdate update = new ModelUpdate(values, 600)
                .withoutClipping()
                .encode(FixedPoint.STANDARD)
                .plainForEveryoneToRead();
        long bytes = ContributionMessages.training(
                        SampleMessages.PLACE,
                        SampleMessages.BASEL,
                        "s-1",
                        update,
                        SharedMetrics.NONE,
                        2,
                        OptionalDouble.empty())
                .stream()
                .mapToLong(frame -> frame.bytes().remaining()
                        + frame.key().length()
                        + frame.headers().toString().length())
                .sum();
        assertThat((double) bytes / (4L * values.length)).isBetween(1.0, 1.0005);
    }

    @Test
    void anEvaluationIsAHeaderAlone() throws RefusedMessageException {
        List<Frame> frames = ContributionMessages.evaluation(
                SampleMessages.PLACE, SampleMessages.BASEL, "s-1", Protection.PLAIN, SharedMetrics.NONE, 2);
        assertThat(frames).hasSize(1);
        assertThat(((SiteMessage.ContributionHeader)
                                MessageCodec.decode(frames.get(0).bytes()))
                        .tensor())
                .isEqualTo(Optional.empty());
    }

    @Test
    void aModelIsCommittedWithWhatFollowsIt() throws RefusedMessageException {
        float[] values = values(CHUNK + 3);
        Frame closing = MessageCodec.encode(SampleMessages.ofEachKind().get(10));
        List<AggregatorLog.Write> writes = ModelMessages.writes(
                ModelMessages.of(values), List.of(new AggregatorLog.Write(Channel.ROUNDS, closing)));
        assertThat(writes)
                .extracting(AggregatorLog.Write::channel)
                .containsExactly(Channel.MODELS, Channel.MODELS, Channel.MODELS, Channel.ROUNDS);
        AggregatorMessage.ModelHeader header = (AggregatorMessage.ModelHeader)
                MessageCodec.decode(writes.get(0).frame().bytes());
        assertThat(header.model()).isEqualTo(Tensors.sha256(values));
        assertThat(writes.get(3).frame()).isEqualTo(closing);
    }

    private static float[] values(int size) {
        Random random = new Random(size);
        float[] values = new float[size];
        for (int i = 0; i < size; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return values;
    }

    private static Reason refusal(TensorHeader header, TensorChunk chunk) {
        return assertThatExceptionOfType(RefusedMessageException.class)
                .isThrownBy(() -> Tensors.verify(header, chunk))
                .actual()
                .reason();
    }

    private static Reason refusal(TensorAssembler assembler, TensorChunk chunk) {
        return assertThatExceptionOfType(RefusedMessageException.class)
                .isThrownBy(() -> assembler.add(chunk))
                .actual()
                .reason();
    }
}
