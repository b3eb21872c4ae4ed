package dev.godwit.sync.internal.engine;

import dev.godwit.sync.internal.apply.LocalMerge;
import dev.godwit.sync.internal.capture.TrackedTable;

/**
 * Makes the list of conflicts anew: it follows from the states, the journal and the log, of which
 * nothing is changed.
 */
public final class Relisting {
  private final Workspace workspace;

  public Relisting(Workspace workspace) {
    this.workspace = workspace;
  }

  /** Does it, in the caller's transaction. */
  public void run() {
    workspace.session().statement("DELETE FROM godwit_sibling").update();
    workspace.session().statement("DELETE FROM godwit_said").update();
    LocalMerge merge = workspace.merge();
    merge.review().relistJournal();
    for (TrackedTable table : workspace.catalog().tables()) {
      LocalMerge.inFlushes(merge.livesWithState(table), some -> merge.review().relist(table, some));
    }
    merge.review().endRelisting();
  }
}
