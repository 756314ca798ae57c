import Model
import Reconciler

/// What a pull request's comment says of one scope.
struct HeldSection: Hashable, Sendable {
  /// How the scope stands.
  enum Standing: Hashable, Sendable {
    case held(HeldReason)
    /// It follows the repository again, since this commit.
    case released(ObjectID)
  }

  let scope: Scope
  var standing: Standing
  /// The commit that brought what holds the scope, and its author's name.
  let commit: ObjectID
  let author: String
  /// What is wrong: `file:line:column: message`, the first few.
  let problems: [String]
  /// How many more there are.
  let more: Int
  /// What stays live: a revision; `nil` where nothing was ever applied.
  let applied: Revision?

  /// How many problems of a scope are told.
  static let problemLimit = 10

  /// Markdown, without anything from specs or commits that could be markup or a mention.
  var markdown: String {
    let name = "**\(scope.description.inMarkdown)**"
    let origin = "\(commit.short) (\(author.inMarkdown))"
    switch standing {
    case .released(let by):
      return
        "\(name) was held because of \(origin) and is released: it follows the repository again since \(by.short).\n"
    case .held(let reason):
      var text = "\(name) is held (\(reason.rawValue)) because of \(origin).\n\n"
      for problem in problems { text += "- \(problem.inMarkdown)\n" }
      if more > 0 { text += "- and \(more) more\n" }
      let live = applied.map { "What was live before stays live, as of \($0.commit.short)." }
      text += "\n" + (live ?? "Nothing of this scope was applied yet, so nothing of it is live.")
      return text + " **To release it**: \(reason.remedy)\n"
    }
  }
}

extension HeldReason {
  /// How a scope that is held for this reason is released.
  fileprivate var remedy: String {
    switch self {
    case .validationFailed: "merge a commit that mends these errors. `belfry check` shows them before a push."
    case .notAuthorised:
      "put the refused files back as they were, or let somebody with the right change them in a commit of theirs."
    case .guardTripped: "if it is meant, merge an `Approval` for it; if not, put back what is gone."
    case .historyRewritten: "push a branch that contains the revision that is live."
    case .dependencyHeld: "mend the scope that it depends on; this one follows by itself."
    case .stillReferenced: "remove the references to what was removed."
    }
  }
}

/// The comment on a pull request that brought something that is held: a section for each scope.
struct HeldComment: Hashable, Sendable {
  let sections: [HeldSection]
  /// The status page.
  let url: String

  /// The key of the comment's marker.
  static let key = "outcome"
  /// How many scopes are told.
  private static let scopeLimit = 40

  var markdown: String {
    let held = sections.count { if case .held = $0.standing { true } else { false } }
    var text =
      held == 0
      ? "### Belfry: applied\n\n" : "### Belfry: \(plural(held, "scope")) not applied\n\n"
    for section in sections.prefix(Self.scopeLimit) { text += section.markdown + "\n" }
    if sections.count > Self.scopeLimit { text += "and \(sections.count - Self.scopeLimit) more scopes.\n\n" }
    return text + "[Status](\(url))\n"
  }
}
