package import Patterns

/// How rules find their tenants.
package enum TenantPlacement: Sendable {
  /// Everything belongs to the platform.
  case platform
  /// By the value of a rule's label.
  case label(String)
  /// By the path of a file: the first group of the pattern is the tenant, the second the project.
  case path(Pattern)

  /// Why a text is none: what would be accepted.
  package struct Problem: Error, Hashable, Sendable {
    package let message: String
  }

  /// `label:NAME` or `path:REGEX`.
  package init(parsing text: String) throws(Problem) {
    let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
    guard parts.count == 2, !parts[1].isEmpty else {
      throw Problem(message: "'\(text)': label:NAME or path:REGEX is accepted")
    }
    switch parts[0] {
    case "label": self = .label(parts[1])
    case "path":
      do throws(PatternSyntaxError) {
        _ = try Pattern(unanchored: parts[1])
        self = .path(try Pattern(anchored: "(?s:.*?)(?:" + parts[1] + ")(?s:.*)"))
      } catch {
        throw Problem(message: "'\(parts[1])' is not a pattern of RE2: \(error.message)")
      }
    default: throw Problem(message: "'\(text)': label:NAME or path:REGEX is accepted")
    }
  }
}

/// Where rules go.
enum RuleHome: Hashable, Comparable {
  case platform
  case tenant(String)
  case project(String, String)
  /// Belfry can't read it; it is kept outside of the specs.
  case left

  /// The folder, with a slash at its end.
  var folder: String {
    switch self {
    case .platform: "platform/"
    case .tenant(let tenant): "tenants/\(tenant)/"
    case .project(let tenant, let project): "tenants/\(tenant)/\(project)/"
    case .left: "not-imported/"
    }
  }

  var tenant: String? {
    switch self {
    case .tenant(let tenant), .project(let tenant, _): tenant
    case .platform, .left: nil
    }
  }

  static func < (left: Self, right: Self) -> Bool { left.folder < right.folder }
}

/// The tenants that values of a label, or parts of paths, became.
struct TenantBook {
  /// Folder by value; `nil` for values that can't name one.
  private var known: [String: String?] = [:]
  private var names: NameBook

  /// `values`: all there are, so that those which are names already keep theirs.
  init(_ values: Set<String>, reserved: Set<String> = ["platform"]) {
    names = NameBook(taken: reserved)
    for value in values.sorted() where value.isLabel && !reserved.contains(value) {
      known[value] = .some(names.name(for: value, else: value))
    }
    for value in values.sorted() where known[value] == nil { known[value] = folder(for: value) }
  }

  /// A path, or something that steers a terminal, is not made a name of.
  private mutating func folder(for value: String) -> String? {
    let isOdd = value.unicodeScalars.contains { $0 == "/" || $0 == "\\" || !$0.isPrintable } || value.contains("..")
    let label = value.asLabel
    guard !isOdd, !label.isEmpty, label != "platform" else { return nil }
    return names.name(for: label, else: label)
  }

  subscript(value: String) -> String? { known[value] ?? nil }

  /// Folders whose name differs from the value, with it.
  var renamed: [(value: String, folder: String)] {
    known.compactMap { value, folder in folder.flatMap { $0 == value ? nil : (value, $0) } }.sorted { $0 < $1 }
  }

  /// What people called the tenant of a folder.
  func value(of folder: String) -> String? { known.first { $0.value == folder }?.key }
}
