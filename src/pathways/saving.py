"""Files written whole or not at all: each is written aside first, and takes its name only when all of them are there."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path

__all__ = ["Unwritten", "create", "replace"]


class Unwritten(OSError):
    """A file that cannot be replaced, and those that were replaced before it."""

    def __init__(self, error: OSError, file: Path, written: tuple[Path, ...] = ()) -> None:
        super().__init__(error.errno, error.strerror or str(error), str(file))
        self.file, self.written = file, written


def replace(contents: Mapping[Path, bytes]) -> None:
    """Put new contents in the place of files; by whom one that exists may be read stays, and a link stays a link.

    Raises Unwritten, with nothing written as far as that can be known before.
    """
    named = {file.resolve(): file for file in contents}
    with ExitStack() as stack:
        new: dict[Path, Path] = {}
        for real, file in named.items():
            with _of(file):
                new |= stack.enter_context(_aside({real: contents[file]}))
                if real.exists():
                    real.open("r+b").close()
                    shutil.copymode(real, new[real])
        written: list[Path] = []
        for real, file in named.items():
            with _of(file, written):
                new[real].replace(real)
            written.append(file)


@contextmanager
def _of(file: Path, written: Sequence[Path] = ()) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise Unwritten(error, file, tuple(written)) from error


def create(folder: Path, contents: Mapping[str, bytes]) -> None:
    """Put files into a folder, which is made if there is none; raises FileExistsError, with nothing written, where one is there."""
    if not folder.exists():
        new = Path(tempfile.mkdtemp(prefix=f".{folder.name}.", dir=folder.parent))
        try:
            for name, content in contents.items():
                _write(new / name, content)
            new.chmod(0o777 & ~_mask())
            new.rename(folder)
        except BaseException:
            shutil.rmtree(new)
            raise
        return
    made: list[Path] = []
    with _aside({folder / name: content for name, content in contents.items()}) as written:
        try:
            for file, new in written.items():
                os.link(new, file)  # unlike a rename it never takes the place of a file
                made.append(file)
        except BaseException:
            for file in made:
                file.unlink()
            raise


@contextmanager
def _aside(contents: Mapping[Path, bytes]) -> Iterator[dict[Path, Path]]:
    """Every content in a file beside the one that it is for; what is left of them in the end is deleted."""
    written: dict[Path, Path] = {}
    try:
        for file, content in contents.items():
            handle, name = tempfile.mkstemp(prefix=f".{file.name}.", dir=file.parent)
            os.close(handle)
            written[file] = Path(name)
            _write(written[file], content)
            written[file].chmod(0o666 & ~_mask())
        yield written
    finally:
        for new in written.values():
            new.unlink(missing_ok=True)


def _write(file: Path, content: bytes) -> None:
    with file.open("wb") as stream:
        stream.write(content)
        stream.flush()
        os.fsync(stream.fileno())


def _mask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
