package import Model

/// What may stand as text in a URL without a meaning for its reader: ids and cursors.
///
/// Parts are joined by NUL, which no path in git and no name has before its last part.
protocol OpaqueKey: Hashable, Sendable {
  /// Two letters and a version, so that one list's cursor isn't taken for another's.
  static var tag: String { get }
  var parts: [String] { get }
  init?(parts: ArraySlice<String>)
}

extension OpaqueKey {
  var opaqueText: String { Base64URL.encode(([Self.tag] + parts).joined(separator: "\0").utf8) }

  init?(opaqueText: String) {
    guard
      let bytes = Base64URL.decode(opaqueText), let text = String(validating: bytes, as: UTF8.self)
    else { return nil }
    let parts = text.split(separator: "\0", omittingEmptySubsequences: false).map(String.init)
    guard parts.first == Self.tag else { return nil }
    self.init(parts: parts.dropFirst())
  }
}

extension ResourceID: OpaqueKey {
  static var tag: String { "r1" }

  var parts: [String] { [scope.tenant ?? "", scope.project ?? "", kind.rawValue, name] }

  init?(parts: ArraySlice<String>) {
    let parts = Array(parts)
    guard parts.count >= 4, let kind = Kind(rawValue: parts[2]) else { return nil }
    let scope: Scope
    switch (parts[0].isEmpty, parts[1].isEmpty) {
    case (true, true): scope = .platform
    case (false, true): scope = .tenant(parts[0])
    case (false, false): scope = .project(tenant: parts[0], project: parts[1])
    case (true, false): return nil
    }
    self.init(scope, kind, parts[3...].joined(separator: "\0"))
  }

  /// This id as lists give it, and as `/api/v1/resource?id=` takes it.
  package var opaque: String { opaqueText }

  /// Reads ``opaque``.
  package init?(opaque text: String) {
    self.init(opaqueText: text)
  }
}

extension AlertKey: OpaqueKey {
  static var tag: String { "a1" }

  var parts: [String] { [fingerprint.description, group.opaque, rule] }

  init?(parts: ArraySlice<String>) {
    let parts = Array(parts)
    guard parts.count >= 3, let fingerprint = Fingerprint(parts[0]), let group = ResourceID(opaque: parts[1])
    else { return nil }
    self.init(fingerprint: fingerprint, group: group, rule: parts[2...].joined(separator: "\0"))
  }
}

extension RuleKey: OpaqueKey {
  static var tag: String { "u1" }

  var parts: [String] { [group.opaque, String(index)] }

  init?(parts: ArraySlice<String>) {
    let parts = Array(parts)
    guard parts.count == 2, let group = ResourceID(opaque: parts[0]), let index = Int(parts[1]), index >= 0
    else { return nil }
    self.init(group: group, index: index)
  }
}

extension GroupKey: OpaqueKey {
  static var tag: String { "g1" }

  var parts: [String] { [owner.tenant ?? "", key] }

  init?(parts: ArraySlice<String>) {
    let parts = Array(parts)
    guard parts.count >= 2 else { return nil }
    self.init(
      owner: parts[0].isEmpty ? .platform : .tenant(parts[0]), key: parts[1...].joined(separator: "\0"))
  }
}

extension Int64: OpaqueKey {
  static var tag: String { "n1" }

  var parts: [String] { [String(self)] }

  init?(parts: ArraySlice<String>) {
    guard parts.count == 1, let number = parts.first.flatMap({ Int64($0) }) else { return nil }
    self = number
  }
}
