import Foundation
import Model
import Reconciler
import Specs
import TestKit
import Testing

/// The folder `docs` of the repository.
private let docs: URL = URL(fileURLWithPath: #filePath).resolvingSymlinksInPath()
  .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent().appendingPathComponent("docs")
private let bank = Scope.tenant("bank")
private let loans = Scope.project(tenant: "bank", project: "loans")
private let everywhere: [Scope] = [.platform, shop, checkout, search, bank, loans]

/// Every role of three scopes × every kind × create, update and delete × every scope, by commits of real authors.
@Suite struct `The matrix of roles` {
  @Test func `is what the documentation shows`() {
    #expect(goldenDifference(Matrix.text, "role-matrix.md") == nil)
  }

  @Test(arguments: Role.allCases, [Scope.platform, shop, checkout])
  func `is what the design says`(role: Role, holder: Scope) {
    for target in everywhere {
      for kind in Kind.allCases where kind.isAllowed(in: target) {
        let covers = target.lineage.contains(holder)
        let expected = covers && Self.mayChange(kind, role, isProject: target.project != nil)
        for verb in ResourceChange.Verb.allCases {
          #expect(Matrix.permits(role, of: holder, verb, kind, in: target) == expected, "\(verb) \(kind) in \(target)")
        }
      }
    }
  }

  @Test(arguments: Kind.allCases)
  func `is summed up on the page about rights`(kind: Kind) throws {
    let page = try String(contentsOf: docs.appendingPathComponent("rights.md"), encoding: .utf8)
    let cells = [Scope.platform, shop, checkout].map { kind.isAllowed(in: $0) ? kind.roleNeeded(in: $0).rawValue : "–" }
    #expect(page.contains("\n| \(kind.rawValue) | \(cells.joined(separator: " | ")) |\n"))
  }

  /// Design §10, word by word.
  private static func mayChange(_ kind: Kind, _ role: Role, isProject: Bool) -> Bool {
    switch role {
    case .owner: return true
    case .admin: return ![.roleBinding, .platform, .tenant, .project].contains(kind)
    case .member:
      return [.ruleGroup, .silence, .template].contains(kind) || (isProject && [.channel, .route].contains(kind))
    case .viewer: return false
    }
  }
}

private enum Matrix {
  static func permits(
    _ role: Role, of holder: Scope, _ verb: ResourceChange.Verb, _ kind: Kind, in target: Scope
  ) -> Bool {
    let path = target.path + "/document.yaml"
    let old = file(path, target, document(kind, target, version: 1))
    let new = file(path, target, document(kind, target, version: 2))
    let owners = [everyRole(.platform), everyRole(shop), everyRole(checkout)]
    var judged = Judged(.author, owners + (verb == .create ? [] : [old]))
    judged.commit(by: "\(role.rawValue)@\(holder)", verb == .delete ? [(path, nil)] : [new])
    return judged.isFollowed
  }

  private static func permits(_ role: Role, of holder: Scope, changing path: String, in target: Scope) -> Bool {
    var judged = Judged(.author, [everyRole(.platform), everyRole(shop), everyRole(checkout)])
    judged.commit(by: "\(role.rawValue)@\(holder)", [file(path, target)])
    return judged.isFollowed
  }

  static var text: String {
    var text = "`c`, `u`, `d`: may create, update, delete. `·`: may not.\n"
    for (holder, words) in [
      (Scope.platform, "the platform"), (shop, "the tenant `shop`"), (checkout, "the project `shop/checkout`"),
    ] {
      text +=
        "\n### Who has a role in \(words)\n\n| document | in | owner | admin | member | viewer |\n|---|---|---|---|---|---|\n"
      for kind in Kind.allCases {
        for target in everywhere where kind.isAllowed(in: target) {
          let cells = Role.allCases.map { cell($0, holder, kind, target) }
          text += "| \(kind.rawValue) | \(target) | \(cells.joined(separator: " | ")) |\n"
        }
      }
      for target in everywhere {
        let cells = Role.allCases.map {
          permits($0, of: holder, changing: target.path + "/a_test.yaml", in: target) ? "cud" : "·"
        }
        text += "| unit tests, comments | \(target) | \(cells.joined(separator: " | ")) |\n"
      }
      text += ignoreRow(holder)
    }
    return text
  }

  private static func cell(_ role: Role, _ holder: Scope, _ kind: Kind, _ target: Scope) -> String {
    let verbs = ResourceChange.Verb.allCases.filter { permits(role, of: holder, $0, kind, in: target) }
    return verbs.isEmpty ? "·" : verbs.map { String($0.rawValue.prefix(1)) }.joined()
  }

  private static func ignoreRow(_ holder: Scope) -> String {
    let cells = Role.allCases.map { role -> String in
      var judged = Judged(.author, [everyRole(.platform), everyRole(shop), everyRole(checkout)])
      let change = PathChange(ignoreFile: ".belfryignore", from: nil, to: commitID(7))
      judged.authority.judge(
        commitInfo(1, by: "\(role.rawValue)@\(holder)"), after: nil, signature: .unsigned, changes: [change], at: .epoch
      )
      return judged.isFollowed ? "cud" : "·"
    }
    return "| `.belfryignore` | | \(cells.joined(separator: " | ")) |\n"
  }
}
