import Git
import Model
import Specs

/// The second branch, from which only silences of at most 24 hours are read (`--silences-ref`).
struct SilencesBranch: Sendable {
  private static let longest = Duration.seconds(24 * 3600)

  private let specs: RepositorySpecs
  private var seen: ObjectID?

  init(specs: RepositorySpecs) {
    self.specs = specs
  }

  /// The silences at the branch's head, when it moved; `nil` when there is nothing new.
  ///
  /// Files that can't be read, other kinds, and silences that last longer are passed over: nothing else may come in
  /// by this way.
  mutating func follow(_ head: Mirror.Head?, at now: Timestamp) async throws(GitError) -> [Resource]? {
    guard head?.commit != seen else { return nil }
    seen = head?.commit
    guard let head else { return [] }
    return try await specs.files(at: head.commit).compactMap(\.file).flatMap(\.resources).filter { resource in
      guard case .silence(let silence) = resource.spec else { return false }
      let window = silence.window(firstApplied: now)
      return window.end - window.start <= Self.longest
    }
  }
}
