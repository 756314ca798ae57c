import Diagnostics
import Model
import Patterns
import Specs
import YAML

/// Puts rule files into the folders of their owners.
struct RuleWork {
  /// Something that stays with the platform, and why.
  struct Remnant: Hashable {
    var place: String
    var what: String
    var why: String
  }

  let placement: TenantPlacement
  let options: SpecOptions
  var inputs: [RuleFileInput] = []
  var diagnostics = Diagnostics()
  private(set) var files: [ImportedFile] = []
  private(set) var remnants: [Remnant] = []
  /// From where to where, with how many groups.
  private(set) var moves: [(from: String, to: String, groups: Int)] = []
  private(set) var tenants: Set<String> = []
  private(set) var book = TenantBook([])
  private var projects: [String: TenantBook] = [:]
  private var names: [String: NameBook] = [:]
  private var prefix = ""

  init(placement: TenantPlacement, options: SpecOptions) {
    self.placement = placement
    self.options = options
  }

  mutating func place() {
    prefix = Self.commonFolder(of: inputs.map(\.path))
    learnTenants()
    for input in inputs { place(input) }
    for (value, folder) in book.renamed {
      diagnostics.warning(
        ImportCode.worksOtherwise.rawValue, "the tenant '\(value.shortened)' has the folder 'tenants/\(folder)'",
        at: SourceSpan(file: inputs.first?.path ?? "", range: .fileBegin))
    }
  }

  /// `tenant.yaml` of each tenant that got rules.
  var tenantFiles: [ImportedFile] {
    tenants.sorted().map { tenant in
      let shown = book.value(of: tenant) ?? tenant
      let spec = shown == tenant ? [] : [SpecField("display_name", shown.onOneLine)]
      let document = SpecDocument(kind: "Tenant", name: tenant, spec: spec)
      return ImportedFile("tenants/\(tenant)/tenant.yaml", document.text)
    }
  }

  // MARK: Homes

  private mutating func learnTenants() {
    switch placement {
    case .platform: break
    case .label(let label):
      let values = inputs.flatMap { $0.groups.flatMap { GroupSplit($0, by: label).values.compactMap { $0 } } }
      book = TenantBook(Set(values))
    case .path(let pattern):
      var found: [String: Set<String>] = [:]
      for input in inputs {
        guard let tenant = pattern.expand("$1", in: input.path), !tenant.isEmpty else { continue }
        let project = pattern.expand("$2", in: input.path) ?? ""
        found[tenant, default: []].formUnion(project.isEmpty ? [] : [project])
      }
      book = TenantBook(Set(found.keys))
      for (tenant, names) in found { projects[tenant] = TenantBook(names, reserved: []) }
    }
  }

  private func home(ofPath path: String) -> RuleHome? {
    guard case .path(let pattern) = placement, let value = pattern.expand("$1", in: path), !value.isEmpty else {
      return nil
    }
    guard let tenant = book[value] else { return nil }
    let project = pattern.expand("$2", in: path) ?? ""
    guard !project.isEmpty else { return .tenant(tenant) }
    return projects[value]?[project].map { .project(tenant, $0) } ?? .tenant(tenant)
  }

  // MARK: Files

  private mutating func place(_ input: RuleFileInput) {
    switch input.kind {
    case .unitTest, .unusable:
      write(input.bytes, of: input, to: .left, groups: 0)
      return
    case .settings: return
    case .rules: break
    }
    guard !input.isRefused else {
      write(input.bytes, of: input, to: .left, groups: input.groups.count)
      return
    }
    let homes = input.groups.enumerated().map { index, group in
      input.refused.contains(index) ? group.rules.map { _ in RuleHome.left } : self.homes(of: group, in: input)
    }
    let all = Set(zip(input.groups, homes).flatMap { $0.rules.isEmpty ? [RuleHome.platform] : $1 })
    guard all.count > 1 else {
      write(input.bytes, of: input, to: all.first ?? .platform, groups: input.groups.count)
      return
    }
    for home in all.sorted() { divide(input, homes, home) }
  }

  private mutating func homes(of group: RuleGroupText, in input: RuleFileInput) -> [RuleHome] {
    let place = "\(input.path):\(group.node.range.start.line)"
    let whole = group.rules.map { _ in RuleHome.platform }
    switch placement {
    case .platform: return whole
    case .path:
      guard let home = home(ofPath: input.path) else {
        remnants.append(Remnant(place: place, what: "group \(group.name)", why: "the path names no tenant"))
        return whole
      }
      return group.rules.map { _ in home }
    case .label(let label):
      let split = GroupSplit(group, by: label)
      let homes = split.homes { value in book[value].map(RuleHome.tenant) }
      tellRemnants(of: group, split, homes, label, input)
      guard Set(homes).count > 1 else { return homes }
      if let tie = split.tie(among: homes) {
        remnants.append(
          Remnant(
            place: place, what: "group \(group.name)", why: "its rules use '\(tie)', which it records, across tenants"))
        return whole
      }
      diagnostics.warning(
        ImportCode.groupDivided.rawValue,
        "the group '\(group.name.shortened)' is divided among \(Set(homes).count) owners",
        at: SourceSpan(file: input.path, range: group.node.range.startOnly),
        fix: "nothing: each part keeps its order and interval; the parts are evaluated at different instants")
      return homes
    }
  }

  private mutating func tellRemnants(
    of group: RuleGroupText, _ split: GroupSplit, _ homes: [RuleHome], _ label: String, _ input: RuleFileInput
  ) {
    for (index, rule) in group.rules.enumerated() where homes[index] == .platform {
      let what = rule["alert"]?.text ?? rule["record"]?.text ?? "a rule"
      let why =
        split.values[index].map { "'\($0.shortened.onOneLine)' can't name a tenant" } ?? "it has no label '\(label)'"
      remnants.append(Remnant(place: "\(input.path):\(rule.range.start.line)", what: what, why: why))
    }
  }

  /// The part of a file that has one home.
  private mutating func divide(_ input: RuleFileInput, _ homes: [[RuleHome]], _ home: RuleHome) {
    var choice: RuleText.Choice = []
    for (index, group) in input.groups.enumerated() {
      if group.rules.isEmpty {
        if home == .platform { choice.append((group, nil)) }
        continue
      }
      let own = Set(homes[index].indices.filter { homes[index][$0] == home })
      if !own.isEmpty { choice.append((group, own.count == group.rules.count ? nil : own)) }
    }
    let (text, keepsComments) = input.text.text(of: choice)
    if !keepsComments {
      diagnostics.warning(
        ImportCode.worksOtherwise.rawValue,
        "the part of the file for \(home.folder) is written anew, without its comments",
        at: SourceSpan(file: input.path, range: .fileBegin))
    }
    write(Array(text.utf8), of: input, to: home, groups: choice.count)
  }

  private mutating func write(_ bytes: [UInt8], of input: RuleFileInput, to home: RuleHome, groups: Int) {
    let relative = String(input.path.dropFirst(prefix.count)).withoutExtension
    let reserved: Set = ["tenant", "platform", "sources", "project"]
    let name = names[home.folder, default: NameBook(taken: reserved)].name(for: relative, else: "rules")
    let path = home.folder + name + ".yaml"
    files.append(ImportedFile(path: path, bytes: bytes))
    moves.append((input.path, path, groups))
    if let tenant = home.tenant { tenants.insert(tenant) }
  }

  /// The folder that all paths begin with, its slash included.
  private static func commonFolder(of paths: [String]) -> String {
    guard let first = paths.first else { return "" }
    var folder = String(first.prefix(upTo: first.lastSlash))
    while !folder.isEmpty, !paths.allSatisfy({ $0.hasPrefix(folder) }) {
      folder = String(folder.dropLast())
      folder = String(folder.prefix(upTo: folder.lastSlash))
    }
    return folder
  }
}

extension String {
  /// Behind the last slash; the start where there is none.
  fileprivate var lastSlash: String.Index { lastIndex(of: "/").map { index(after: $0) } ?? startIndex }
}
