package dev.tacita.secureagg;

import dev.tacita.core.SiteId;
import dev.tacita.secureagg.MalformedMessageException.Reason;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Fields one behind the other; nothing is allocated for what is announced but not there. */
final class FieldReader {
    private final ByteBuffer in;

    FieldReader(byte[] bytes) {
        in = ByteBuffer.wrap(bytes);
    }

    interface Item<T> {
        T read(FieldReader in) throws MalformedMessageException;
    }

    int number8() throws MalformedMessageException {
        return require(1).get() & 0xff;
    }

    int number32() throws MalformedMessageException {
        int value = require(Integer.BYTES).getInt();
        if (value < 0) {
            throw new MalformedMessageException(Reason.BAD_FIELD, "a count or a length must be < 2^31");
        }
        return value;
    }

    Octets raw(int length) throws MalformedMessageException {
        require(length);
        byte[] bytes = new byte[length];
        in.get(bytes);
        return Octets.wrap(bytes);
    }

    Octets bytes() throws MalformedMessageException {
        return raw(number32());
    }

    String name() throws MalformedMessageException {
        return new String(raw(number8()).shared(), StandardCharsets.UTF_8);
    }

    SiteId site() throws MalformedMessageException {
        return new SiteId(name());
    }

    <T> List<T> list(Item<T> item) throws MalformedMessageException {
        int count = number32();
        require(count, 2);
        List<T> items = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            items.add(item.read(this));
        }
        return items;
    }

    void requireEnd() throws MalformedMessageException {
        if (in.hasRemaining()) {
            throw new MalformedMessageException(
                    Reason.TRAILING_BYTES, "a message must end with its last field. Bytes left: " + in.remaining());
        }
    }

    private ByteBuffer require(int bytes) throws MalformedMessageException {
        require(bytes, 1);
        return in;
    }

    private void require(int count, int bytesEach) throws MalformedMessageException {
        if ((long) count * bytesEach > in.remaining()) {
            throw new MalformedMessageException(
                    Reason.TRUNCATED, "a message must have all of its fields. Bytes left: " + in.remaining());
        }
    }
}
