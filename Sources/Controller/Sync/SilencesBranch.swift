import Git
import Model
import Specs

/// The second branch, from which only silences of at most 24 hours are read (`--silences-ref`).
struct SilencesBranch: Sendable {
  private static let longest = Duration.seconds(24 * 3600)

  private let specs: RepositorySpecs

  init(specs: RepositorySpecs) {
    self.specs = specs
  }

  /// The silences at the branch's head; `nil` when it still is at `seen`.
  ///
  /// Files that can't be read, other kinds, and silences that last longer are passed over: nothing else may come in
  /// by this way.
  func silences(
    at head: Mirror.Head?, unless seen: ObjectID?, at now: Timestamp
  ) async throws(GitError) -> [Resource]? {
    guard head?.commit != seen else { return nil }
    guard let head else { return [] }
    return try await specs.files(at: head.commit).compactMap(\.file).flatMap(\.resources).filter { resource in
      guard case .silence(let silence) = resource.spec else { return false }
      let window = silence.window(firstApplied: now)
      return window.end - window.start <= Self.longest
    }
  }
}
