package io.parley.campaign.world;

import io.parley.testing.TestFolders;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The disk that PostgreSQL writes to: with root, a file system of its own in a file. It can be
 * full, and its file is what a disk holds when the power fails: everything that was flushed, and
 * nothing of what the system still meant to write.
 */
public final class Disk implements AutoCloseable {
  private static final String SIZE = "1G";

  private final Path folder;
  private final Path image;
  private final boolean isMounted;

  private Disk(Path folder, Path image, boolean isMounted) {
    this.folder = folder;
    this.image = image;
    this.isMounted = isMounted;
  }

  static Disk create(Path below) {
    Path folder = makeFolder(below.resolve("disk"));
    Path image = below.resolve("disk.img");
    boolean mounted =
        Shell.isRoot()
            && Shell.tryRun("truncate", "-s", SIZE, image.toString())
            && Shell.tryRun("mkfs.ext4", "-q", "-F", image.toString())
            && Shell.tryRun("mount", "-o", "loop", image.toString(), folder.toString());
    if (!mounted) {
      Shell.tryRun("rm", "-f", image.toString());
    }
    return new Disk(folder, image, mounted);
  }

  /** Whether it can be full, and lose its power. */
  public boolean isReal() {
    return isMounted;
  }

  Path data() {
    return makeFolder(folder.resolve("data"));
  }

  void fill() {
    Shell.tryRun("sh", "-c", "dd if=/dev/zero of=" + folder.resolve("ballast") + " bs=1M");
  }

  void free() {
    Shell.run("rm", "-f", folder.resolve("ballast").toString());
  }

  /** Copies what has reached the disk by now. */
  Path copy(String name) {
    Path copy = image.resolveSibling(name + ".img");
    Shell.run("cp", "--sparse=always", image.toString(), copy.toString());
    return copy;
  }

  /** Attaches a copy; the folder that it is seen at. */
  static Path attach(Path copy) {
    Path folder = makeFolder(copy.resolveSibling(copy.getFileName() + ".d"));
    Shell.run("mount", "-o", "loop", copy.toString(), folder.toString());
    return folder.resolve("data");
  }

  static void detach(Path copy) {
    Path folder = copy.resolveSibling(copy.getFileName() + ".d");
    Shell.run("umount", folder.toString());
    try {
      Files.deleteIfExists(copy);
      Files.deleteIfExists(folder);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Path makeFolder(Path folder) {
    try {
      return Files.createDirectories(folder);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    if (isMounted) {
      Shell.tryRun("umount", folder.toString());
      Shell.tryRun("rm", "-f", image.toString());
    } else {
      TestFolders.delete(folder);
    }
  }
}
