import Model
import Webhook

/// When webhooks lead to looks: a burst to few, none lost, and again for a while until an announced commit is there.
///
/// A forge may announce a commit before the server that is fetched from has it, a mirror above all (argo-cd#15314).
struct LookPacing: Sendable {
  /// The least time between two looks by webhook.
  static let distance = Duration.seconds(1)
  /// After a look that didn't bring an announced commit, the next comes so much later; then the poll has to do.
  static let pauses: [Duration] = [.seconds(1), .seconds(2), .seconds(4)]

  /// A commit that was announced and isn't there yet.
  private struct Awaited: Sendable {
    var commit: ObjectID
    var tries = 0
    /// When to look for it again; `nil` until the first look.
    var due: Timestamp?
  }

  private var isWanted = false
  private var lastLook: Timestamp?
  /// The newest announced commit of each followed ref: there are two of them at most.
  private var awaited: [String: Awaited] = [:]

  /// Somebody says that something is new; `changes`: what is said of followed refs.
  mutating func hint(_ changes: [RefChange]) {
    isWanted = true
    for change in changes {
      guard let commit = change.commit, change.ref.hasPrefix("refs/heads/") else { continue }
      awaited[change.ref] = Awaited(commit: commit)
    }
  }

  /// When to ask ``takeDue(at:isThere:)`` next; `nil` while nothing waits.
  var nextDue: Timestamp? {
    let look = isWanted ? lastLook.map { $0 + Self.distance } ?? .epoch : nil
    return ([look] + awaited.values.map(\.due)).compactMap(\.self).min()
  }

  /// Whether to look now, and the announced commits that aren't waited for any longer.
  ///
  /// `isThere`: whether a commit was fetched.
  mutating func takeDue(at now: Timestamp, isThere: (ObjectID) -> Bool) -> (look: Bool, givenUp: [ObjectID]) {
    var givenUp: [ObjectID] = []
    var mustLook = false
    for (ref, entry) in awaited {
      guard let due = entry.due, due <= now else { continue }
      if isThere(entry.commit) {
        awaited[ref] = nil
      } else if entry.tries > Self.pauses.count {
        awaited[ref] = nil
        givenUp.append(entry.commit)
      } else {
        mustLook = true
      }
    }
    if isWanted, lastLook.map({ $0 + Self.distance <= now }) ?? true { mustLook = true }
    guard mustLook else { return (false, givenUp) }
    isWanted = false
    lastLook = now
    for (ref, var entry) in awaited {
      entry.due = now + (entry.tries < Self.pauses.count ? Self.pauses[entry.tries] : Self.distance)
      entry.tries += 1
      awaited[ref] = entry
    }
    return (true, givenUp)
  }
}

/// Which refs are followed, as they are written in settings and in webhooks.
struct FollowedRefs: Hashable, Sendable {
  /// Full refs or short names; empty while the remote's default branch isn't known.
  let names: [String]

  /// Whether a ref in full is one of them. While nothing is known, every ref may be.
  func contain(_ ref: String) -> Bool {
    names.isEmpty
      || names.contains { name in
        guard !name.hasPrefix("refs/") else { return name == ref }
        return "refs/heads/" + name == ref || "refs/tags/" + name == ref
      }
  }
}
