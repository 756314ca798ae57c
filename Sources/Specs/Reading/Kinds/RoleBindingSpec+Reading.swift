import Diagnostics
import Model
import YAML

extension RoleBindingSpec {
  static let fieldNames = ["role", "subjects"]

  init?(_ node: YAMLNode, _ reading: inout Reading) {
    guard let fields = Fields(node, FieldNames("a RoleBinding", Self.fieldNames), &reading) else { return nil }
    let role = fields.required("role", &reading).flatMap { reading.choice($0, Role.self, "a role") }
    let list = fields.required("subjects", &reading)
    let subjects = list.map { reading.items($0, "subjects").compactMap { Subject($0, &reading) } } ?? []
    if let list, list.items?.isEmpty ?? false {
      reading.error(.missingField, "'subjects' names nobody", at: list.range, fix: "add {user: ana@example.com}")
    }
    guard let role, !subjects.isEmpty else { return nil }
    self.init(role: role, subjects: subjects)
  }
}

extension RoleBindingSpec.Subject {
  static let fieldNames = ["user", "signing_keys", "group"]

  fileprivate init?(_ node: YAMLNode, _ reading: inout Reading) {
    guard let fields = Fields(node, FieldNames("a subject", Self.fieldNames), &reading) else { return nil }
    switch (fields["user"], fields["group"]) {
    case (let user?, nil):
      let keys = fields["signing_keys"].map { reading.signingKeys($0) } ?? []
      guard let email = reading.mailAddress(user) else { return nil }
      self = .user(email: email, signingKeys: keys)
    case (nil, let group?):
      guard let name = reading.word(group, "the name of a group") else { return nil }
      reading.warning(
        .groupForReaders, "the group '\(Wording.short(name))' counts for readers only, since commits carry no groups",
        at: group.range, fix: "name people as 'user' where they change specs")
      if fields["signing_keys"] != nil {
        reading.error(
          .conflictingFields, "a group has no 'signing_keys'", at: fields.place(of: "signing_keys"), fix: "remove it")
      }
      self = .group(name)
    case (_?, _?):
      reading.error(
        .conflictingFields, "a subject is either 'user' or 'group'", at: fields.place(of: "group"),
        fix: "write two subjects")
      return nil
    case (nil, nil):
      reading.error(
        .missingField, "a subject needs 'user' or 'group'", at: fields.range.firstLineStart,
        fix: "add 'user: ana@example.com'")
      return nil
    }
  }
}

extension ApprovalSpec {
  static let fieldNames = ["deletions", "until", "scope", "reason"]

  init?(_ node: YAMLNode, _ reading: inout Reading) {
    guard let fields = Fields(node, FieldNames("an Approval", Self.fieldNames), &reading) else { return nil }
    let deletions = fields.required("deletions", &reading).flatMap { reading.integer($0, in: 1...Int.max) }
    let until = fields.required("until", &reading).flatMap { reading.timestamp($0) }
    let scope = fields["scope"].flatMap { Self.scope($0, &reading) }
    let reason = fields["reason"].flatMap { reading.word($0, "a reason") }
    // One whose scope can't be read would allow more than was meant.
    guard let deletions, let until, scope != nil || fields["scope"] == nil else { return nil }
    self.init(deletions: deletions, until: until)
    self.scope = scope
    self.reason = reason
  }

  /// `shop` or `shop/checkout`: the approval's own scope or one below.
  private static func scope(_ node: YAMLNode, _ reading: inout Reading) -> Scope? {
    guard let text = reading.word(node, "a scope") else { return nil }
    let parts = text.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
    var scope: Scope?
    if parts.allSatisfy({ Names.isLabel($0) }) {
      switch parts.count {
      case 1: scope = text == "platform" ? .platform : .tenant(text)
      case 2: scope = .project(tenant: parts[0], project: parts[1])
      default: break
      }
    }
    guard let scope, scope.lineage.contains(reading.scope) else {
      let own = reading.scope
      let accepted = own == .platform ? "a tenant, or 'tenant/project'" : "\(own), or '\(own)/<project>'"
      reading.error(
        .unknownValue, "'\(Wording.short(text))' is no scope that this approval can count for", at: node.range,
        fix: "write \(accepted), or leave 'scope' out")
      return nil
    }
    return scope
  }
}
