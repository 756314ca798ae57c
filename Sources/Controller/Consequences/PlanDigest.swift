import Model
import Notifier
import Reconciler
import Specs

/// A digest over what a plan does: equal for equal steps, whatever the commits and the formatting are.
///
/// A step counts with its action, the resource's id and the meaning before and after; a scope that is held counts with
/// what is applied of it all the same (silences). It compares plans, and proves nothing against a forger.
struct PlanDigest: Hashable, Sendable {
  /// Of scopes that have steps.
  let scopes: [Scope: String]
  /// The digest of the one scope that has steps, or one over those of all; 32 hexadecimal digits.
  let overall: String

  init(_ plan: Plan) {
    var digests: [Scope: String] = [:]
    for part in plan.scopes where !part.steps.isEmpty { digests[part.scope] = Self.digest(of: part) }
    scopes = digests
    if let only = digests.first, digests.count == 1 {
      overall = only.value
    } else {
      var bytes: [UInt8] = []
      for scope in digests.keys.sorted() { bytes.add(digests[scope] ?? "") }
      overall = Self.text(bytes)
    }
  }

  private static func digest(of part: ScopePlan) -> String {
    var bytes: [UInt8] = []
    bytes.add(part.scope.path)
    for step in part.steps {
      bytes.add(step.action)
      for side in [step.before, step.after] {
        bytes.add(side.map { $0.id.kind.rawValue } ?? "")
        bytes.add(side?.id.name ?? "")
        bytes.add(side.map { String($0.digest, radix: 16) } ?? "")
      }
    }
    return text(bytes)
  }

  /// The first half of the hash.
  private static func text(_ bytes: [UInt8]) -> String { Array(sha256(bytes).prefix(16)).hexadecimal }
}

extension [UInt8] {
  /// Takes in a text with its length, so that no two lists of texts give the same bytes.
  fileprivate mutating func add(_ text: String) {
    self += Array(String(text.utf8.count).utf8) + [UInt8(ascii: ":")] + Array(text.utf8)
  }
}

/// The plans that were reviewed, as commits name them in trailers, beside the plan that is applied.
struct PlanReview: Hashable, Sendable {
  /// The trailer's name.
  static let trailer = "Belfry-Plan"

  let digest: PlanDigest
  /// What the trailers of the applied commits say, in their order.
  let declared: [String]

  init(_ digest: PlanDigest, messages: [String]) {
    self.digest = digest
    declared = messages.flatMap(Self.declared(in:))
  }

  /// Whether what is applied was reviewed: some commit names the whole plan, or for each scope some commit names its
  /// part. `nil` where no commit names a plan.
  var isMatch: Bool? {
    guard !declared.isEmpty else { return nil }
    let known = Set(declared)
    return known.contains(digest.overall)
      || (!digest.scopes.isEmpty && digest.scopes.values.allSatisfy(known.contains))
  }

  /// The digests that a commit message names: lines `Belfry-Plan: <32 hex>`, wherever a forge has put them.
  static func declared(in message: String) -> [String] {
    message.split(whereSeparator: \.isNewline).compactMap { line in
      let parts = line.split(separator: ":", maxSplits: 1)
      guard parts.count == 2, parts[0].trimmed.lowercased() == trailer.lowercased() else { return nil }
      let value = parts[1].trimmed.lowercased()
      return value.utf8.count == 32 && value.utf8.allSatisfy(\.isHexDigit) ? value : nil
    }
  }
}

extension Substring {
  /// Without spaces and tabs at both ends.
  fileprivate var trimmed: String {
    func isSpace(_ character: Character) -> Bool { character == " " || character == "\t" }
    var rest = drop(while: isSpace)
    while let last = rest.last, isSpace(last) { rest.removeLast() }
    return String(rest)
  }
}

extension UInt8 {
  fileprivate var isHexDigit: Bool {
    (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(self) || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains(self)
  }
}
