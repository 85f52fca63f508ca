package io.parley.journal;

import io.parley.testing.TestPostgres;
import org.apache.pekko.persistence.CapabilityFlag;
import org.apache.pekko.persistence.japi.journal.JavaJournalSpec;
import org.junit.runner.RunWith;
import org.scalatestplus.junit.JUnitRunner;

/** Pekko's own tests of a journal, all of them. */
@RunWith(JUnitRunner.class)
public class R2dbcJournalTckIT extends JavaJournalSpec {

  private static final long serialVersionUID = 1L;

  public R2dbcJournalTckIT() {
    super(JournalConfig.of(TestPostgres.freshDatabase(), ""));
  }

  @Override
  public CapabilityFlag supportsRejectingNonSerializableObjects() {
    return CapabilityFlag.on();
  }

  @Override
  public CapabilityFlag supportsMetadata() {
    return CapabilityFlag.on();
  }
}
