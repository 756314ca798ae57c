import Model

/// How much is held, how it is sent, and how patiently.
package struct RemoteWriteSettings: Hashable, Sendable {
  /// The most that waits to be sent; beyond it the oldest samples go.
  package var queuedSamples = 200_000
  /// The same, in bytes as they are sent, before compression.
  package var queuedBytes = 64 << 20
  /// The most in one request.
  package var samplesPerSend = 2000
  package var bytesPerSend = 4 << 20
  /// How long samples that nobody waits for may wait for others to go along.
  package var linger: Duration = .seconds(1)
  /// How long a writer waits for its samples to arrive; afterwards they go on without it.
  package var patience: Duration = .seconds(2)
  /// The pause after a first failure; each further one doubles it, up to the longest.
  package var firstPause: Duration = .milliseconds(500)
  package var longestPause: Duration = .seconds(30)
  /// The longest pause that a server may ask for by `Retry-After`.
  package var longestRetryAfter: Duration = .seconds(300)

  package init() {}

  /// The pause after so many failures in a row, at least 1: between half of it and the whole, as `jitter` says, which
  /// lies between 0 and 1.
  func pause(afterFailures failures: Int, jitter: Double) -> Duration {
    let doublings = min(max(failures, 1) - 1, 30)
    let whole = min(firstPause * (1 << doublings), longestPause)
    return .milliseconds(Int64(Double(whole.wholeMilliseconds) * (0.5 + min(max(jitter, 0), 1) / 2)))
  }
}
