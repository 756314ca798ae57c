/// A pull or merge request, as the message of the commit that merged it names it.
package struct PullRequest: Hashable, Sendable, CustomStringConvertible {
  /// How the forges write a reference: `#412` (GitHub, Gitea, Bitbucket) or `!45` (GitLab).
  package enum Mark: Character, Hashable, Sendable {
    case number = "#"
    case mergeRequest = "!"
  }

  package let mark: Mark
  package let number: Int

  package init(_ mark: Mark, _ number: Int) {
    self.mark = mark
    self.number = number
  }

  /// Reads ``description``: `#412` or `!45`.
  package init?(_ text: some StringProtocol) {
    guard let mark = text.first.flatMap(Mark.init), let number = Int(text.dropFirst()), number > 0 else { return nil }
    self.init(mark, number)
  }

  package var description: String { "\(mark.rawValue)\(number)" }

  /// The request that a commit's message says it merges; `nil` where it names none.
  ///
  /// The forms that the forges write by themselves: `Merge pull request #412 from …` (GitHub, Bitbucket Server),
  /// `Merge pull request 'title' (#412) from …` (Gitea), `subject (#412)` (squash merges of GitHub and Gitea),
  /// `Merged in branch (pull request #412)` (Bitbucket Cloud), and a last line `See merge request group/project!45`
  /// (GitLab). A number elsewhere in a message is a mention, not a merge.
  package init?(mergeMessage message: String) {
    let lines = message.split(whereSeparator: \.isNewline)
    guard let subject = lines.first else { return nil }
    if let found = Self.inSubject(subject) {
      self = found
      return
    }
    let prefix = "See merge request "
    guard let line = lines.last(where: { $0.hasPrefix(prefix) }), let mark = line.lastIndex(of: "!"),
      let found = PullRequest(line[mark...])
    else { return nil }
    self = found
  }

  private static func inSubject(_ subject: Substring) -> PullRequest? {
    let merges = "Merge pull request "
    if subject.hasPrefix(merges + "#") {
      return PullRequest(subject.dropFirst(merges.count).prefix { $0 != " " })
    }
    if subject.hasPrefix(merges), let place = subject.ranges(of: " (#").last {
      return PullRequest(subject[place.lowerBound...].dropFirst(2).prefix { $0 != ")" })
    }
    guard subject.hasSuffix(")"), let open = subject.lastIndex(of: "(") else { return nil }
    let inner = subject[open...].dropFirst().dropLast()
    let bare = inner.hasPrefix("pull request ") ? inner.dropFirst("pull request ".count) : inner
    return bare.first == "#" ? PullRequest(bare) : nil
  }
}
