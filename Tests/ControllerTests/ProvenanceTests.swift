import Foundation
import Git
import Model
import Testing

@testable import Controller

/// A history, and by whom and in which commit each of its rules was changed last in meaning.
struct ProvenanceCase: CustomTestStringConvertible, Sendable {
  let testDescription: String
  /// The commits of each push.
  let pushes: @Sendable () -> [[Edit]]
  let rules: [String: String]
  /// Where the answer differs when the whole history is searched at once.
  var imported: [String: String] = [:]

  static let file = "tenants/shop/api/rules.yaml"
  static let other = "tenants/shop/api/more.yaml"

  /// A rule file: a group of rules, each `name: expression`.
  static func rules(_ pairs: KeyValuePairs<String, String>, more: String = "", group: String = "g") -> String {
    "groups:\n- name: \(group)\n  rules:\n"
      + pairs.map { "  - alert: \($0.key)\n    expr: \($0.value)\n" }.joined() + more
  }

  static let begin = Edit("Begin", [file: rules(["Down": "up == 0", "Slow": "latency > 1"])])

  static let all = [
    ProvenanceCase(
      testDescription: "a rule that is changed is its author's, the others stay",
      pushes: { [[begin], [Edit("Slower", by: "Ben", [file: rules(["Down": "up == 0", "Slow": "latency > 2"])])]] },
      rules: ["Down": "Ana: Begin", "Slow": "Ben: Slower"]),
    ProvenanceCase(
      testDescription: "formatting is nobody's",
      pushes: {
        [
          [begin],
          [
            Edit(
              "Reformat", by: "Robot",
              [
                file:
                  "# a comment\ngroups:\n  - name: g\n    rules:\n      - expr: 'up==0'\n        alert: \"Down\"\n\n"
                  + "      - alert: Slow # slow\n        expr: (latency   >  1)\n"
              ])
          ],
        ]
      },
      rules: ["Down": "Ana: Begin", "Slow": "Ana: Begin"]),
    ProvenanceCase(
      testDescription: "two changes in one push are two people's",
      pushes: {
        [
          [begin],
          [
            Edit("Deeper", by: "Ben", [file: rules(["Down": "up < 1", "Slow": "latency > 1"])]),
            Edit("Slower", by: "Eva", [file: rules(["Down": "up < 1", "Slow": "latency > 3"])]),
          ],
        ]
      },
      rules: ["Down": "Ben: Deeper", "Slow": "Eva: Slower"]),
    ProvenanceCase(
      testDescription: "a change and its revert in one push change nothing",
      pushes: {
        [
          [begin],
          [
            Edit("Deeper", by: "Ben", [file: rules(["Down": "up < 1", "Slow": "latency > 1"])]),
            Edit("Back", by: "Eva", [file: "# back\n" + rules(["Down": "up == 0", "Slow": "latency > 1"])]),
          ],
        ]
      },
      rules: ["Down": "Ana: Begin", "Slow": "Ana: Begin"], imported: ["Down": "Eva: Back", "Slow": "Ana: Begin"]),
    ProvenanceCase(
      testDescription: "a return to an earlier meaning is a change",
      pushes: {
        [
          [begin], [Edit("Deeper", by: "Ben", [file: rules(["Down": "up < 1", "Slow": "latency > 1"])])],
          [Edit("Back", by: "Eva", begin.files)],
        ]
      },
      rules: ["Down": "Eva: Back", "Slow": "Ana: Begin"]),
    ProvenanceCase(
      testDescription: "a file that moves keeps its authors",
      pushes: { [[begin], [Edit("Move", by: "Ben", [file: nil, other: begin.files[file] ?? nil])]] },
      rules: ["Down": "Ana: Begin", "Slow": "Ana: Begin"]),
    ProvenanceCase(
      testDescription: "a file that moves and is formatted keeps its authors, but for what changed",
      pushes: {
        [
          [begin],
          [
            Edit(
              "Move", by: "Ben", [file: nil, other: "# moved\n" + rules(["Down": "up == 0", "Slow": "latency > 5"])])
          ],
        ]
      },
      rules: ["Down": "Ana: Begin", "Slow": "Ben: Move"]),
    ProvenanceCase(
      testDescription: "a rule that goes to another group of its file stays its author's",
      pushes: {
        [
          [begin],
          [
            Edit(
              "Split", by: "Ben",
              [
                file: rules(["Down": "up == 0"])
                  + "- name: h\n  rules:\n  - alert: Slow\n    expr: latency > 1\n  - alert: New\n    expr: new > 1\n"
              ])
          ],
        ]
      },
      rules: ["Down": "Ana: Begin", "Slow": "Ana: Begin", "New": "Ben: Split"]),
    ProvenanceCase(
      testDescription: "a version that can't be read is looked through",
      pushes: {
        [
          [begin], [Edit("Break", by: "Ben", [file: "groups: [\n"])],
          [Edit("Repair", by: "Eva", [file: "# whole\n" + rules(["Down": "up == 0", "Slow": "latency > 2"])])],
        ]
      },
      rules: ["Down": "Ana: Begin", "Slow": "Eva: Repair"]),
    ProvenanceCase(
      testDescription: "a rule in front of others is one change",
      pushes: {
        [
          [begin],
          [
            Edit(
              "Add", by: "Ben", [file: rules(["First": "a > 1", "Down": "up == 0", "Slow": "latency > 1"])])
          ],
        ]
      },
      rules: ["First": "Ben: Add", "Down": "Ana: Begin", "Slow": "Ana: Begin"]),
  ]
}

@Suite struct `Provenance of what is live` {
  static let scopes: [String: String?] = [
    "platform/sources.yaml": World.source("main", "http://127.0.0.1:9"),
    "tenants/shop/tenant.yaml": World.tenant(hook: "http://127.0.0.1:9/"),
  ]

  @Test(arguments: ProvenanceCase.all)
  func `is the last change in meaning`(history: ProvenanceCase) async throws {
    try await inWorld { world in
      try await world.makeRepository()
      try await world.commit(Edit("Scopes", by: "Pia", Self.scopes))
      try await world.push()
      var follower = try Follower(world.path("alerts.git"))
      for push in history.pushes() {
        for edit in push { try await world.commit(edit) }
        try await world.push()
        try await follower.follow()
      }
      #expect(try follower.rules() == history.rules)
      try await follower.refine()
      #expect(try follower.rules() == history.rules.merging(history.imported) { $1 })
      #expect(try follower.resources()["hook"] == "Pia: Scopes")
    }
  }

  @Test(arguments: [false, true])
  func `is not a robot's whose commits are ignored`(atSpecRoot: Bool) async throws {
    try await inWorld { world in
      try await world.makeRepository()
      let folder = atSpecRoot ? "specs" : ""
      let prefix = atSpecRoot ? "specs/" : ""
      func at(_ files: [String: String?]) -> [String: String?] {
        Dictionary(uniqueKeysWithValues: files.map { (prefix + $0, $1) })
      }
      let old = ProvenanceCase.rules(["Down": "up == 0", "Slow": "latency > 1"])
      try await world.commit(Edit("Write by hand", ["alerts.yml": old]))
      let imported = old.replacing("latency > 1", with: "latency > 1\n    labels: {team: shop}")
      let robot = try await world.commit(
        Edit(
          "Import", by: "Robot",
          at(Self.scopes).merging(["alerts.yml": nil, prefix + ProvenanceCase.file: imported]) { $1 }))
      try await world.push()
      var follower = try Follower(world.path("alerts.git"), folder: folder)
      try await follower.follow()
      #expect(try follower.rules() == ["Down": "Ana: Write by hand", "Slow": "Robot: Import"])
      try await world.commit(
        Edit(
          "Ignore it", by: "Pia",
          [prefix + ".git-blame-ignore-revs": "# the import\n\(robot.uppercased())  # all of it\nnonsense\n"]))
      try await world.push()
      try await follower.follow()
      try await follower.refine()
      #expect(try follower.rules() == ["Down": "Ana: Write by hand", "Slow": "Ana: Write by hand"])
      // What the robot made, nobody else did.
      #expect(try follower.resources()["hook"] == "Robot: Import")
    }
  }

  @Test(arguments: [
    ("Merge pull request #412 from acme/slower\n\nSlower", "#412", "https://github.com/acme/alerts/pull/412"),
    (
      "Merge branch 'slower' into 'main'\n\nSee merge request acme/alerts!45", "!45",
      "https://github.com/acme/alerts/-/merge_requests/45"
    ),
  ])
  func `looks through merges, and names their request`(message: String, request: String, url: String) async throws {
    try await inWorld { world in
      try await world.makeRepository()
      try await world.commit(Edit("Begin", Self.scopes.merging(ProvenanceCase.begin.files) { $1 }))
      try await world.push()
      var follower = try Follower(world.path("alerts.git"))
      try await follower.follow()
      try await world.git(["checkout", "-q", "-b", "slower"])
      try await world.commit(
        Edit(
          "Slower", by: "Ben", [ProvenanceCase.file: ProvenanceCase.rules(["Down": "up == 0", "Slow": "latency > 2"])]))
      try await world.git(["checkout", "-q", "main"])
      try await world.commit(Edit("Elsewhere", by: "Eva", ["README.md": "here"]))
      try await world.git(by: "Pia", ["merge", "-q", "--no-ff", "-m", message, "slower"])
      try await world.push()
      let found = try await follower.follow()
      for _ in 0..<2 {
        #expect(try follower.rules() == ["Down": "Ana: Begin", "Slow": "Ben: Slower"])
        let change = follower.change(ofRule: "Slow")
        #expect(change?.pullRequest?.description == request && change?.pullRequestURL == url)
        #expect(follower.change(ofRule: "Down")?.pullRequest == nil)
        try await follower.refine()
      }
      let author = try #require(found.authors.values.first)
      #expect(author.author == "Ben <ben@example.com>" && author.merger == "Pia <pia@example.com>")
    }
  }

  @Test func `takes the request from a squashed commit, and approvers from its trailers`() async throws {
    try await inWorld { world in
      try await world.makeRepository()
      try await world.commit(Edit("Begin", Self.scopes.merging(ProvenanceCase.begin.files) { $1 }))
      try await world.push()
      var follower = try Follower(world.path("alerts.git"))
      try await follower.follow()
      let message =
        "Slower (#45)\n\nBecause.\n\nReviewed-by: Eva <eva@example.com>\nApproved-by: Pia\n <pia@example.com>\n"
      try await world.commit(
        Edit(
          message, by: "Ben", [ProvenanceCase.file: ProvenanceCase.rules(["Down": "up == 0", "Slow": "latency > 2"])]))
      try await world.push()
      let found = try await follower.follow()
      #expect(follower.change(ofRule: "Slow")?.pullRequest?.description == "#45")
      let approvers = try #require(found.authors.values.first).approvers
      #expect(approvers.map(\.name) == ["Reviewed-by", "Approved-by"])
      #expect(approvers.first?.value == "Eva <eva@example.com>")
    }
  }

  @Test func `costs what changed: one file of a thousand`() async throws {
    try await inWorld { world in
      try await world.makeRepository()
      var files = Self.scopes
      for number in 0..<1000 {
        files["tenants/shop/p\(number % 20)/r\(number).yaml"] = ProvenanceCase.rules(["A\(number)": "up == \(number)"])
      }
      try await world.commit(Edit("Begin", files))
      try await world.push()
      var follower = try Follower(world.path("alerts.git"))
      try await follower.follow()
      try await follower.refine()
      #expect(try follower.rules().count == 1000)
      try await world.commit(
        Edit("One", by: "Ben", ["tenants/shop/p7/r7.yaml": ProvenanceCase.rules(["A7": "up == 8"])]))
      try await world.commit(Edit("Two", by: "Eva", ["README.md": "text"]))
      try await world.push()
      let found = try await follower.follow()
      #expect(found.filesRead == 1 && found.entries.count == 1)
      #expect(try follower.rules()["A7"] == "Ben: One")
      #expect(try follower.rules()["A8"] == "Ana: Begin")
    }
  }

  @Test func `tells who deleted something`() async throws {
    try await inWorld { world in
      try await world.makeRepository()
      // Another file keeps the folder: one that vanishes waits for an approval.
      let kept = (ProvenanceCase.file as NSString).deletingLastPathComponent + "/kept.yaml"
      let files = Self.scopes.merging(ProvenanceCase.begin.files) { $1 }
      try await world.commit(
        Edit("Begin", files.merging([kept: ProvenanceCase.rules(["Kept": "up == 9"])]) { $1 }))
      try await world.push()
      var follower = try Follower(world.path("alerts.git"))
      try await follower.follow()
      try await world.commit(Edit("Remove", by: "Ben", [ProvenanceCase.file: nil]))
      try await world.commit(Edit("More", by: "Eva", ["README.md": "text"]))
      try await world.push()
      let found = try await follower.follow()
      #expect(found.authors.values.map(\.author) == ["Ben <ben@example.com>"])
      #expect(try follower.rules() == ["Kept": "Ana: Begin"])
    }
  }
}

@Suite struct `Addresses of pull requests` {
  @Test(
    arguments: [
      ("https://github.com/acme/alerts.git", "#412", "https://github.com/acme/alerts/pull/412"),
      ("https://x:y@github.com/acme/alerts", "#412", "https://github.com/acme/alerts/pull/412"),
      ("git@github.com:acme/alerts.git", "#412", "https://github.com/acme/alerts/pull/412"),
      ("ssh://git@git.example.com:2222/acme/alerts.git", "#1", "https://git.example.com/acme/alerts/pull/1"),
      ("https://git.example.com:8443/acme/alerts", "#1", "https://git.example.com:8443/acme/alerts/pull/1"),
      ("git@gitlab.com:acme/ops/alerts.git", "!45", "https://gitlab.com/acme/ops/alerts/-/merge_requests/45"),
      ("https://codeberg.org/acme/alerts", "#7", "https://codeberg.org/acme/alerts/pulls/7"),
      ("https://bitbucket.org/acme/alerts", "#7", "https://bitbucket.org/acme/alerts/pull-requests/7"),
      ("https://git.example.com/deep/er/alerts", "#7", nil), ("https://git.example.com/alerts.git", "!7", nil),
      ("file:///srv/acme/alerts.git", "#7", nil), ("/srv/acme/alerts.git", "!7", nil),
    ] as [(String, String, String?)])
  func `follow from the repository's`(remote: String, request: String, url: String?) throws {
    let request = try #require(PullRequest(request))
    #expect(PullRequestPages(try RemoteURL.parse(remote).url).url(request) == url)
  }
}
