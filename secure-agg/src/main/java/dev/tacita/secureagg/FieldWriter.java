package dev.tacita.secureagg;

import dev.tacita.core.SiteId;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.BiConsumer;

/** Fields one behind the other. */
final class FieldWriter {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    FieldWriter raw(byte[] bytes) {
        out.writeBytes(bytes);
        return this;
    }

    FieldWriter raw(Octets bytes) {
        return raw(bytes.shared());
    }

    FieldWriter number8(int value) {
        out.write(value);
        return this;
    }

    FieldWriter number32(int value) {
        return raw(ByteBuffer.allocate(Integer.BYTES).putInt(value).array());
    }

    FieldWriter bytes(Octets bytes) {
        return number32(bytes.length()).raw(bytes);
    }

    FieldWriter name(String name) {
        byte[] bytes = name.getBytes(StandardCharsets.UTF_8);
        return number8(bytes.length).raw(bytes);
    }

    FieldWriter site(SiteId site) {
        return name(site.value());
    }

    <T> FieldWriter list(List<T> items, BiConsumer<FieldWriter, T> write) {
        number32(items.size());
        items.forEach(item -> write.accept(this, item));
        return this;
    }

    byte[] toBytes() {
        return out.toByteArray();
    }
}
