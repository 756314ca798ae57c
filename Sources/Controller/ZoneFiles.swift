import Model
import Synchronization

/// The system's time zone files, read once each.
final class ZoneFiles: Sendable {
  static let shared = ZoneFiles(folder: "/usr/share/zoneinfo")

  private let folder: String
  private let known = Mutex<[String: ZoneRules?]>([:])

  init(folder: String) {
    self.folder = folder
  }

  /// The rules of an IANA name; `nil` when the system has none of that name.
  func rules(_ name: String) -> ZoneRules? {
    known.withLock { known in
      if let found = known[name] { return found }
      let rules = read(name)
      known[name] = .some(rules)
      return rules
    }
  }

  private func read(_ name: String) -> ZoneRules? {
    let parts = name.split(separator: "/", omittingEmptySubsequences: false)
    guard parts.allSatisfy({ !$0.isEmpty && $0.first != "." }) else { return nil }
    guard let bytes = try? Files.read(folder + "/" + name, limit: 1 << 20) else { return nil }
    return ZoneRules(tzif: bytes)
  }
}
