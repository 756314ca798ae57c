import Model

/// One endpoint of a channel: whether it works, and when it is tried again.
struct Endpoint: Sendable {
  let credential: Credential
  var health = EndpointHealth.Endpoint()
  /// Tries in a row to which nobody answered with a yes or a no.
  var streak = 0
  /// Whether it refused our credentials last.
  var isRefused = false
  /// It is left alone before, since it failed.
  var pausedUntil: Timestamp?

  init(_ credential: Credential) {
    self.credential = credential
  }

  /// Whether its last try went through.
  var works: Bool { streak == 0 && !isRefused }

  /// A post is no longer on its way.
  mutating func ended() { health.underWay = max(0, health.underWay - 1) }

  mutating func succeeded(at now: Timestamp) {
    health.succeeded(at: now)
    revive()
  }

  /// Somebody answered: the endpoint works, this message doesn't.
  mutating func answered(_ text: String, at now: Timestamp) {
    health.failed(text, at: now)
    revive()
  }

  /// It may be tried at once, like one that works.
  mutating func revive() {
    streak = 0
    isRefused = false
    pausedUntil = nil
  }

  mutating func failed(_ text: String, at now: Timestamp) {
    health.failed(text, at: now)
    streak += 1
  }

  /// Whether it takes another post besides those that are on their way. While it fails, one at a time finds out whether
  /// it works again.
  func hasRoom(_ width: Int) -> Bool { works ? health.underWay < width : health.underWay == 0 }
}
