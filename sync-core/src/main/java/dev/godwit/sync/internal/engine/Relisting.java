package dev.godwit.sync.internal.engine;

import dev.godwit.sync.change.LifeId;
import dev.godwit.sync.internal.apply.LocalMerge;
import dev.godwit.sync.internal.capture.TrackedTable;
import java.util.List;

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
      List<LifeId> lives = merge.livesWithState(table);
      for (int from = 0; from < lives.size(); from += LocalMerge.CHANGES_A_FLUSH) {
        int to = Math.min(lives.size(), from + LocalMerge.CHANGES_A_FLUSH);
        merge.review().relist(table, lives.subList(from, to));
      }
    }
    merge.review().endRelisting();
  }
}
