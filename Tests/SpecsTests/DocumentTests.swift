import Diagnostics
import Model
import Specs
import Testing

@Suite struct `The path of a file` {
  @Test(arguments: [
    ("platform/sources.yaml", Scope.platform),
    ("platform/deeper/sources.yml", .platform),
    ("tenants/shop/tenant.yaml", .tenant("shop")),
    ("tenants/shop/checkout/rules.yaml", .project(tenant: "shop", project: "checkout")),
    ("tenants/shop/checkout/a/b/rules.yml", .project(tenant: "shop", project: "checkout")),
  ])
  func `says whose it is`(path: String, scope: Scope) {
    #expect(SpecFile.scope(ofPath: path) == scope)
  }

  @Test(arguments: [
    "README.md", "tenants/shop/README.md", "rules.yaml", "other/rules.yaml", "tenants.yaml", "platform/", "", "/",
    "tenants//a.yaml", "tenants/shop/yaml", ".github/workflows/check.yaml",
  ])
  func `is passed over where it is nobody's`(path: String) {
    let file = SpecFile.parse(path: path, bytes: Array("nonsense: [".utf8))
    #expect(file.content == .ignored && file.scope == nil && file.diagnostics.isEmpty)
  }

  @Test(arguments: [
    ("tenants/stray.yaml", "misplaced-file", "a file directly under tenants/ belongs to no tenant"),
    ("tenants/Shop/a.yaml", "folder-name", "the folder 'Shop' can't name a tenant"),
    ("tenants/shop/Check out/a.yaml", "folder-name", "the folder 'Check out' can't name a project"),
    (
      "tenants/platform/a.yaml", "folder-name",
      "the folder 'platform' can't be a tenant's, since the platform has that name"
    ),
  ])
  func `is told where it can't be`(path: String, code: String, message: String) {
    let file = read("", at: path)
    #expect(file.scope != nil && file.scope != .platform)
    #expect(file.diagnostics.all.map(\.code) == [code])
    #expect(file.diagnostics.all.map(\.message) == [message])
  }

  @Test func `doesn't help a file that is too large`() {
    var options = SpecOptions()
    options.limits.fileBytes = 10
    let file = SpecFile.parse(path: "platform/a.yaml", bytes: Array("groups:    []".utf8), options: options)
    #expect(file.diagnostics.all.map(\.message) == ["the file has 13 bytes; at most 10 are read"])
  }

  @Test func `doesn't help a file with too many rules`() {
    var options = SpecOptions()
    options.limits.rules = 1
    let text = "groups: [{name: a, rules: [{alert: A, expr: up}, {alert: B, expr: up}]}]"
    let file = SpecFile.parse(path: "platform/a.yaml", bytes: Array(text.utf8), options: options)
    #expect(file.diagnostics.all.map(\.message) == ["the file has 2 rules; at most 1 are read"])
  }
}

@Suite struct `Reading a document` {
  static let channel = "spec: {console: {}}\n"

  @Test func `takes name, owner, labels and previous names`() throws {
    let file = read(
      "apiVersion: belfry/v1\nkind: Channel\nx-note: [kept]\nmetadata:\n  name: on-call\n  owner: ana@example.com\n"
        + "  labels: {tier: one}\n  previous_names: [pager]\n  x-more: 1\n" + Self.channel)
    let resource = try #require(file.resources.first)
    #expect(file.diagnostics.isEmpty)
    #expect(resource.id == ResourceID(.project(tenant: "shop", project: "checkout"), .channel, "on-call"))
    #expect(resource.owner == "ana@example.com" && resource.labels == ["tier": "one"])
    #expect(resource.previousNames == ["pager"])
    #expect(resource.origin.line == 5 && resource.origin.format == .belfry)
  }

  static let mistakes: [Mistake] = [
    Mistake(
      "apiVersion: 1️⃣belfri/v1\nkind: Channel\nmetadata: {name: a}\n\(channel)", "unknown-version",
      "no apiVersion is 'belfri/v1'; did you mean 'belfry/v1'?"),
    Mistake(
      "apiVersion: 1️⃣belfry/v2\nkind: Channel\nmetadata: {name: a}\n\(channel)", "unknown-version",
      "no apiVersion is 'belfry/v2'; did you mean 'belfry/v1'?"),
    Mistake("1️⃣kind: Channel\nmetadata: {name: a}\n\(channel)", "missing-field", "a document needs 'apiVersion'"),
    Mistake("1️⃣apiVersion: belfry/v1\nmetadata: {name: a}\n\(channel)", "missing-field", "a document needs 'kind'"),
    Mistake(
      "apiVersion: belfry/v1\nkind: 1️⃣Chanel\nmetadata: {name: a}\n\(channel)", "unknown-kind",
      "no kind is named 'Chanel'; did you mean 'Channel'?"),
    Mistake("1️⃣apiVersion: belfry/v1\nkind: Channel\n\(channel)", "missing-field", "a document needs 'metadata'"),
    Mistake(
      "apiVersion: belfry/v1\nkind: Channel\nmetadata: 1️⃣{owner: a}\n\(channel)", "missing-field",
      "metadata needs 'name'"),
    Mistake(
      "apiVersion: belfry/v1\nkind: Channel\nmetadata: {name: 1️⃣On Call}\n\(channel)", "malformed-name",
      "'On Call' can't be a name"),
    Mistake(
      "apiVersion: belfry/v1\nkind: Channel\nmetadata: {name: a, 1️⃣namespace: b}\n\(channel)", "unknown-field",
      "metadata has no field 'namespace'"),
    Mistake(
      "apiVersion: belfry/v1\nkind: Channel\nmetadata: {name: a, 1️⃣previous_names: [a]}\n\(channel)", "no-effect",
      "'a' is its own previous name"),
    Mistake(
      "apiVersion: belfry/v1\nkind: Channel\nmetadata: {name: a}\n1️⃣status: {}\n\(channel)", "unknown-field",
      "a document has no field 'status'"),
    Mistake(
      "apiVersion: belfry/v1\nkind: 1️⃣DataSource\nmetadata: {name: a}\nspec: {prometheus: {url: 'http://a'}}",
      "kind-out-of-scope", "a DataSource can't stand in tenants/shop/checkout/"),
    Mistake(
      "apiVersion: belfry/v1\nkind: Project\nmetadata: {name: 1️⃣other}", "folder-mismatch",
      "project 'other' stands in the folder 'checkout'"),
    Mistake(
      "1️⃣apiVersion: apps/v1\nkind: Deployment", "unknown-document",
      "a document of kind 'Deployment' is not read as a spec"),
    Mistake(
      "1️⃣route: {receiver: a}\nreceivers: []", "unknown-document",
      "this is a configuration of Alertmanager, which is not read as a spec"),
    Mistake("1️⃣- a", "unknown-document", "a list stands where a document's fields are expected"),
    Mistake("1️⃣word", "unknown-document", "text stands where a document's fields are expected"),
    Mistake("1️⃣a: b", "unknown-document", "nothing tells what this document is"),
    Mistake("groups: []\n---\n1️⃣rule_files: []\ntests: []", "mixed-file", "a unit test stands beside other documents"),
  ]

  @Test(arguments: mistakes)
  func `names the mistake and its place`(mistake: Mistake) {
    mistake.check(path: "tenants/shop/checkout/file.yaml")
  }

  @Test func `keeps the other documents when one is broken`() {
    let good = "apiVersion: belfry/v1\nkind: Channel\nmetadata: {name: a}\n" + Self.channel
    let file = read(good + "---\nkey: [unclosed\n---\n" + good.replacing("name: a", with: "name: b"))
    #expect(file.resources.map(\.id.name) == ["a", "b"])
    #expect(file.diagnostics.hasErrors)
  }

  @Test func `remembers what was declared and couldn't be read`() {
    let file = read("apiVersion: belfry/v1\nkind: Channel\nmetadata: {name: a}\nspec: {webhook: {url: nowhere}}")
    #expect(file.resources.isEmpty)
    #expect(file.unreadable.map(\.name) == ["a"])
  }

  @Test func `allows each kind where the design has it`() {
    let everywhere: Set<Kind> = [
      .ruleGroup, .route, .channel, .silence, .timeInterval, .inhibitRule, .template, .roleBinding,
    ]
    for kind in Kind.allCases {
      let isEverywhere = everywhere.contains(kind)
      #expect(
        kind.isAllowed(in: .platform)
          == (isEverywhere || kind == .dataSource || kind == .approval || kind == .platform))
      #expect(
        kind.isAllowed(in: .tenant("a"))
          == (isEverywhere || kind == .dataSource || kind == .approval || kind == .tenant))
      #expect(kind.isAllowed(in: .project(tenant: "a", project: "b")) == (isEverywhere || kind == .project))
    }
  }
}

@Suite struct `Credentials in specs` {
  @Test(arguments: [
    "xoxb-1234567890-abcdef", "ghp_abcdefghijklmnopqrstuvwxyz0123456789", "glpat-abcdefghij0123456789",
    "AKIAABCDEFGHIJKLMNOP", "https://hooks.slack.com/services/T000/B000/xyz",
    "https://open.feishu.cn/open-apis/bot/v2/hook/abcd-efgh", "https://oapi.dingtalk.com/robot/send?access_token=abc",
    "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=abc", "https://api.telegram.org/bot123:abc/sendMessage",
  ])
  func `are errors in channels and data sources, warnings elsewhere`(text: String) {
    let header = "webhook: {url: {secret: a}, headers: {X: '" + text + "'}}"
    let channel = read(document(.channel, header), at: "platform/a.yaml")
    #expect(channel.diagnostics.all.map(\.code) == ["secret-in-spec"] && channel.diagnostics.hasErrors)
    let rule = read("groups:\n- name: a # " + text + "\n")
    #expect(rule.diagnostics.all.map(\.code) == ["secret-in-spec"] && !rule.diagnostics.hasErrors)
    for finding in channel.diagnostics.all + rule.diagnostics.all {
      #expect(!finding.message.contains(text.suffix(6)))
    }
  }

  @Test(arguments: [
    "http://127.0.0.1:8080/services/T000/B000/xyz", "https://hooks.slack.com/services/", "xoxb", "ghp_short",
    "https://open.feishu.cn/", "some_ghp_abcdefghijklmnopqrstuvwxyz0123456789",
    "https://api.slack.com/messaging/webhooks",
  ])
  func `are not seen where there are none`(text: String) {
    #expect(read("groups:\n- name: a # " + text + "\n").diagnostics.isEmpty)
  }
}
