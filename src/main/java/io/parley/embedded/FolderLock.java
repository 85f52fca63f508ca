package io.parley.embedded;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * One Parley per data folder. The kernel drops the lock when its holder ends, however it ends, so a
 * lock that is held means a copy that runs, and a PostgreSQL found without it is an orphan.
 */
final class FolderLock implements AutoCloseable {

  /**
   * Closing any channel of a file drops this process's POSIX lock on it, so a second try in the
   * same process must not even open the file.
   */
  private static final Set<Path> HELD_HERE = ConcurrentHashMap.newKeySet();

  private final Path file;
  private final FileChannel channel;

  private FolderLock(Path file, FileChannel channel) {
    this.file = file;
    this.channel = channel;
  }

  static FolderLock take(Path file) {
    if (!HELD_HERE.add(file)) {
      throw refused(file, ProcessHandle.current().pid() + "");
    }
    try {
      FileChannel channel =
          FileChannel.open(
              file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
      FileLock lock = channel.tryLock();
      if (lock == null) {
        channel.close();
        throw refused(file, Files.readString(file).strip());
      }
      channel.truncate(0);
      channel.write(ByteBuffer.wrap((ProcessHandle.current().pid() + "\n").getBytes(UTF_8)));
      return new FolderLock(file, channel);
    } catch (IOException e) {
      HELD_HERE.remove(file);
      throw EmbeddedPostgresException.of("write the lock file", file, e);
    } catch (EmbeddedPostgresException e) {
      HELD_HERE.remove(file);
      throw e;
    }
  }

  /** Whether nobody holds it, at this moment; who holds it stays named in the file. */
  static boolean isFree(Path file) {
    if (HELD_HERE.contains(file)) {
      return false;
    }
    try (FileChannel channel =
            FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE);
        FileLock lock = channel.tryLock()) {
      return lock != null;
    } catch (NoSuchFileException e) {
      return true;
    } catch (IOException e) {
      throw EmbeddedPostgresException.of("look at the lock file", file, e);
    }
  }

  private static EmbeddedPostgresException refused(Path file, String holder) {
    return new EmbeddedPostgresException(
        "Another Parley (process "
            + (holder.isEmpty() ? "unknown" : holder)
            + ") is running on the data folder "
            + file.getParent()
            + ". Stop it first, or give this one a folder of its own with PARLEY_DATA_DIR.");
  }

  /** The file stays: removing it would let two starts lock two files of one name. */
  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException e) {
      throw EmbeddedPostgresException.of("release the lock", file, e);
    } finally {
      HELD_HERE.remove(file);
    }
  }
}
