package dev.godwit.tests.oracle;

import dev.godwit.sync.change.LifeId;
import dev.godwit.sync.change.Value;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Passes 3, 4, 5 and 9: which rows stand, and which of those the tables do not show since what they
 * refer to is not there.
 */
final class Standing {
  private final Lives lives;
  private final Map<Life, List<Referral>> referrals = new HashMap<>();
  private final Set<Life> present = new HashSet<>();
  private final Set<Life> pinned = new HashSet<>();
  private final Set<Life> hidden = new HashSet<>();
  private final Map<Life, Map<String, Value>> substituted = new HashMap<>();

  Standing(Lives lives) {
    this.lives = lives;
    lives.all().stream().filter(Life::isPresent).forEach(present::add);
    while (pinOnceMore()) {
      continue;
    }
    while (hideOnceMore()) {
      continue;
    }
  }

  boolean isPresent(Life life) {
    return present.contains(life);
  }

  boolean isPinned(Life life) {
    return pinned.contains(life);
  }

  boolean isHidden(Life life) {
    return hidden.contains(life);
  }

  /** Whether the row stands, and what it refers to does too. */
  boolean takesPart(Life life) {
    return stands(life) && !isHidden(life);
  }

  /** What columns show instead of references to rows that are away. */
  Map<String, Value> substitutes(Life life) {
    return substituted.getOrDefault(life, Map.of());
  }

  private boolean stands(Life life) {
    return isPresent(life) || isPinned(life);
  }

  private Set<Life> standing() {
    Set<Life> standing = new HashSet<>(present);
    standing.addAll(pinned);
    return standing;
  }

  private List<Referral> referrals(Life child) {
    return referrals.computeIfAbsent(child, one -> Referral.of(lives, one));
  }

  private boolean pinOnceMore() {
    Set<Life> more = new HashSet<>();
    for (Life child : standing()) {
      for (Referral referral : referrals(child)) {
        Life target = lives.find(referral.rule().table(), referral.to());
        if (referral.rule().action() == OnDelete.RESTRICT
            && target != null
            && !stands(target)
            && !referral.wasSeenByADelete(target)
            && !cascadesAway(child, referral)) {
          more.add(target);
        }
      }
    }
    return pinned.addAll(more);
  }

  /** Whether another reference of the row, one with CASCADE, is to a row that does not stand. */
  private boolean cascadesAway(Life child, Referral but) {
    for (Referral referral : referrals(child)) {
      Life target = lives.find(referral.rule().table(), referral.to());
      if (!referral.equals(but)
          && referral.rule().action() == OnDelete.CASCADE
          && target != null
          && !stands(target)) {
        return true;
      }
    }
    return false;
  }

  private boolean hideOnceMore() {
    Set<Life> more = new HashSet<>();
    for (Life child : standing()) {
      Map<String, Value> shown = new HashMap<>();
      for (Referral referral : referrals(child)) {
        if (isBroken(referral) && (referral.substitute() == null || lacksDefault(referral))) {
          more.add(child);
        } else if (isBroken(referral)) {
          shown.put(referral.column(), referral.substitute());
        }
      }
      substituted.put(child, shown);
    }
    return hidden.addAll(more);
  }

  private boolean lacksDefault(Referral referral) {
    LifeId meant = referral.byDefault(lives);
    Life target = meant == null ? null : lives.find(referral.rule().table(), meant);
    return meant != null && (target == null || !takesPart(target));
  }

  private boolean isBroken(Referral referral) {
    Life target = lives.find(referral.rule().table(), referral.to());
    return referral.isJudged()
        && target != null
        && !takesPart(target)
        && !isTheApplicationsOwn(referral, target);
  }

  /**
   * Whether somebody deleted the row although he saw the reference, and let that be. A delete of
   * the referring row counts while it stands, and ever after for what its author had seen. Nor does
   * he let be what stands beside another write of the column.
   */
  private boolean isTheApplicationsOwn(Referral referral, Life target) {
    return !referral.returned()
        && !stands(target)
        && referral.wasSeenByADelete(target)
        && referral.from().standingDeletes().isEmpty()
        && !referral.from().isOutlived(referral.write())
        && referral.from().siblings(referral.column()).size() < 2;
  }

  /**
   * Pass 9: hides what refers to rows that are parked, what cannot show all rows that it refers to,
   * and what refers to that.
   *
   * @param parked rows that the passes 7 and 8 parked
   * @param lacks tells where a row does not show what a reference to it means
   */
  Set<Life> below(Set<Life> parked, Set<Life> atOdds, Predicate<Referral> lacks) {
    Set<Life> below = new HashSet<>(atOdds);
    below.removeAll(parked);
    boolean more = true;
    while (more) {
      more = false;
      for (Life child : standing()) {
        if (takesPart(child)
            && !parked.contains(child)
            && refersInto(child, parked, below, lacks)) {
          more |= below.add(child);
        }
      }
    }
    return below;
  }

  private boolean refersInto(
      Life child, Set<Life> parked, Set<Life> below, Predicate<Referral> lacks) {
    for (Referral referral : referrals(child)) {
      LifeId byDefault = referral.byDefault(lives);
      boolean otherwise = byDefault != null && substitutes(child).containsKey(referral.column());
      Life target = lives.find(referral.rule().table(), otherwise ? byDefault : referral.to());
      boolean away = target != null && (parked.contains(target) || below.contains(target));
      if (referral.isJudged() && (away || target != null && lacks.test(referral))) {
        return true;
      }
    }
    return false;
  }
}
