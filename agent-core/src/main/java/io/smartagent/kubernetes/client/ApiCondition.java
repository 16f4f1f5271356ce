package io.smartagent.kubernetes.client;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Whether one user of the API works: logged when that changes. */
public final class ApiCondition {

  private static final Logger LOG = LoggerFactory.getLogger(ApiCondition.class);

  private final String degraded;
  private final String recovery;
  private volatile @Nullable ApiFailure failure;

  /**
   * @param degraded what does not work while requests fail, as a sentence without its full stop
   * @param recovery what works again afterwards, as a sentence
   */
  public ApiCondition(String degraded, String recovery) {
    this.degraded = degraded;
    this.recovery = recovery;
  }

  /** Records a failure; one of the same kind as the last is not logged again. */
  public void failed(ApiFailure now) {
    ApiFailure before = failure;
    failure = now;
    if (before == null || before.kind() != now.kind()) {
      LOG.warn("{}: {}", degraded, now.text().strip());
    }
  }

  /** Records that it works. */
  public void recovered() {
    if (failure != null) {
      failure = null;
      LOG.info(recovery);
    }
  }

  /** Returns what does not work now and why, for people; null if it works. */
  public @Nullable String text() {
    ApiFailure now = failure;
    return now == null ? null : degraded + ": " + now.text().strip();
  }
}
