"""A file's bytes as a stream, unpacked if it is compressed, to a limit and no further. Constant memory."""

import gzip
import io
import zlib
from collections.abc import Callable
from typing import IO, Any, Final, cast

from flows.ingest.inputs import InputFile
from flows.ingest.raw import Unreadable

# What a compressed file may unpack to: a hundred times itself, or this if that is more. Text shrinks to a third or a
# quarter, the same line again and again to a fiftieth; a bomb to a thousandth, and Parquet's dictionaries far beyond.
MAX_UNPACKED_RATIO = 100
MIN_UNPACKED_BYTES = 100_000_000
CHUNK_BYTES = 1 << 16

# How FastWARC's reader of Zstandard says what is wrong: one class of error for all.
_ZSTD_CUT: Final = "incomplete frame"
_ZSTD_WINDOW: Final = "too much memory"


def open_bytes(file: InputFile) -> IO[bytes]:
    """The file's bytes, unpacked where its kind ends in .gz or .zst.

    Of a damaged file everything that can be unpacked is given before the error, to `readline` and `read1`.

    Raises:
        OSError: it cannot be opened; on reading, too.
        Unreadable: on reading: `truncated_gzip`, `corrupt_gzip`, `truncated_zstd`, `corrupt_zstd`, `zstd_window` (it asks
            for more than 128 MB to unpack anything), or `too_long` beyond `unpacked_limit`.
    """
    stream = file.path.open("rb")
    if file.kind.endswith(".gz"):
        return _limited(stream, _gzip_reader(stream), unpacked_limit(file))
    if file.kind.endswith(".zst") and file.byte_length:
        return _limited(stream, _zstd_reader(stream), unpacked_limit(file))
    return stream


class Piecewise(io.RawIOBase):
    """A stream for a reader that asks for more than it needs: it gets what is there, so nothing is lost before an error."""

    def __init__(self, stream: IO[bytes]) -> None:
        """Take what `open_bytes` gives."""
        super().__init__()
        self._stream = cast("io.BufferedReader", stream)

    def read(self, size: int = -1) -> bytes:
        """What is there, at most so many bytes; none at the end."""
        return self._stream.read1(size)

    def tell(self) -> int:
        """How many bytes were given."""
        return self._stream.tell()


def unpacked_limit(file: InputFile) -> int:
    """How many bytes a compressed file may unpack to."""
    return max(MIN_UNPACKED_BYTES, MAX_UNPACKED_RATIO * file.byte_length)


def _gzip_reader(stream: IO[bytes]) -> Callable[[int], bytes]:
    read = gzip.GzipFile(fileobj=stream).read1  # read would lose what came before an error

    def read_or_say(size: int) -> bytes:
        try:
            return read(size)
        except EOFError:
            raise Unreadable("truncated_gzip") from None
        except (gzip.BadGzipFile, zlib.error):
            raise Unreadable("corrupt_gzip") from None

    return read_or_say


def _zstd_reader(stream: IO[bytes]) -> Callable[[int], bytes]:
    """FastWARC's reader: it takes several frames, and a web archive's dictionary in the frame before them.

    It loses what it has unpacked in the call that meets the damage, so that stretch is unpacked again, byte by byte.
    Tried beside it: pyarrow's CompressedInputStream, as fast, with the same loss, and without dictionaries.
    """
    from fastwarc.stream_io import ZstdReader

    reader, given, piece = ZstdReader(stream), 0, CHUNK_BYTES

    def read_or_say(size: int) -> bytes:
        nonlocal reader, given, piece
        try:
            data = reader.read(min(size, piece))
        except OSError as error:
            if error.errno is not None:
                raise  # the disk's
            if piece > 1:
                stream.seek(0)
                reader, piece, left = ZstdReader(stream), 1, given
                while left:
                    left -= len(reader.read(min(left, CHUNK_BYTES)))
                return read_or_say(size)
            said = str(error)
            if _ZSTD_CUT in said:
                raise Unreadable("truncated_zstd") from None
            raise Unreadable("zstd_window" if _ZSTD_WINDOW in said else "corrupt_zstd") from None
        given += len(data)
        return data

    return read_or_say


class _Limited(io.RawIOBase):
    """What a reader gives, to a limit; it closes the file below."""

    def __init__(self, below: IO[bytes], read: Callable[[int], bytes], limit: int) -> None:
        super().__init__()
        self._below, self._read, self._limit, self._left = below, read, limit, limit

    def readable(self) -> bool:
        return True

    def tell(self) -> int:  # FastWARC asks where it is
        return self._limit - self._left

    def readinto(self, buffer: Any) -> int:
        data = self._read(min(len(buffer), self._left) or 1)
        if len(data) > self._left:
            raise Unreadable("too_long")
        self._left -= len(data)
        buffer[: len(data)] = data
        return len(data)

    def close(self) -> None:
        self._below.close()
        super().close()


def _limited(below: IO[bytes], read: Callable[[int], bytes], limit: int) -> IO[bytes]:
    return cast("IO[bytes]", io.BufferedReader(_Limited(below, read, limit), CHUNK_BYTES))
