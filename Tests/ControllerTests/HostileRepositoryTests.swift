import Foundation
import JSON
import Testing

@testable import Controller

/// What a push may hold that no honest one does: it is refused by name, and everybody else goes on.
@Suite struct `Hostile repositories` {
  /// Commits what `script` makes of the clone, beside a change in another project, and waits until that is live.
  private func push(_ script: String, in world: borrowing World, _ controller: RunningController) async throws {
    let finished = try await world.run("/bin/sh", ["-e", "-c", script], in: "alerts")
    #expect(finished.code == 0, "\(finished.errors)")
    let head = try await world.commit(["tenants/data/lake/rules.yaml": World.rules([("LakeDown", "lake == 0")])])
    try await controller.applies(head)
    try await controller.stands("data/lake", "Synced")
  }

  private func begin(_ world: borrowing World) async throws -> RunningController {
    try await world.makeRepository(with: [
      "tenants/data/tenant.yaml": World.tenant("data", hook: world.pages.url + "/data")
    ])
    return try await world.syncedController()
  }

  private func findings(_ scope: String, _ controller: RunningController) async throws -> [String] {
    try await (controller.scope(scope)["diagnostics"]?.array ?? []).map {
      "\($0["code"]?.string ?? ""): \($0["message"]?.string ?? "")"
    }
  }

  @Test(arguments: [
    (
      "rm tenants/shop/api/rules.yaml && ln -s ../../../../etc/passwd tenants/shop/api/rules.yaml", "shop/api",
      "unreadable-file: 'tenants/shop/api/rules.yaml' is a symbolic link to '../../../../etc/passwd',"
        + " outside the repository, and is not followed"
    ),
    (
      "rm -r tenants/shop/api && ln -s ../data tenants/shop/api", "shop/api",
      "unreadable-file: 'tenants/shop/api' is a symbolic link to '../data' and is not followed"
    ),
    (
      "git rm -r -q tenants/shop/api && git update-index --add --cacheinfo 160000,$(git rev-parse HEAD),tenants/shop/api"
        + " && git init -q tenants/shop/api && git -C tenants/shop/api commit -q --allow-empty -m x", "shop/api",
      "unreadable-file: 'tenants/shop/api' is a submodule, and is not followed"
    ),
    (
      "printf 'version https://git-lfs.github.com/spec/v1\\noid sha256:00\\nsize 12\\n' > tenants/shop/api/rules.yaml",
      "shop/api",
      "lfs-pointer: the file is a pointer of git-lfs; what it points to isn't in the repository"
    ),
    (
      "printf x > \"$(printf 'tenants/shop/api/a\\nb.yaml')\"", "shop/api",
      #"malformed-path: 'tenants/shop/api/a\nb.yaml' has a name with a line break or another control character"#
    ),
    (
      "printf x > \"$(printf 'tenants/shop/api/\\377.yaml')\"", "shop/api",
      #"malformed-path: 'tenants/shop/api/\377.yaml' has a name that is not UTF-8"#
    ),
    (
      "rm tenants/shop/api/rules.yaml && mkdir tenants/shop/api/rules.yaml && echo x > tenants/shop/api/rules.yaml/a.yaml",
      "shop/api", "unknown-document: text stands where a document's fields are expected"
    ),
    (
      "truncate -s 100M tenants/shop/api/rules.yaml", "shop/api",
      "file-too-large: the file has 104857600 bytes; at most 16777216 are read"
    ),
    (
      "d=$(printf 'd/%.0s' $(seq 250)) && mkdir -p tenants/shop/api/$d && echo x > tenants/shop/api/$d/a.yaml",
      "shop/api", "is nested more than 200 folders deep"
    ),
  ])
  func `hold the scope that has it, with its path, and let the others go on`(
    script: String, scope: String, finding: String
  ) async throws {
    try await inWorld { world in
      let controller = try await begin(world)
      try await push(script, in: world, controller)
      try await controller.stands(scope, "Held (ValidationFailed)")
      let found = try await findings(scope, controller)
      #expect(found.contains { $0.contains(finding) }, "\(found)")
      for other in ["platform", "shop", "data"] { try await controller.stands(other, "Synced") }
      world.prometheus.set("up == 0", [["instance": "a"]])
      try await controller.eventually("what was live pages still") { world.pages.count("Down") == 1 }
      // And back: what was refused leaves nothing behind.
      try await world.git(["rm", "-r", "-q", "--cached", "tenants/shop/api"])
      try await world.run("/bin/sh", ["-c", "rm -rf tenants/shop/api"], in: "alerts")
      try await controller.applies(
        try await world.commit(["tenants/shop/api/rules.yaml": World.rules([("Down", "up == 0")])]))
      try await controller.stands(scope, "Synced")
    }
  }

  @Test func `with a link in place of a tenant's folder keep all that it had`() async throws {
    try await inWorld { world in
      let controller = try await begin(world)
      try await push("rm -r tenants/shop && ln -s data tenants/shop", in: world, controller)
      for scope in ["shop", "shop/api"] {
        try await controller.stands(scope, "Held (ValidationFailed)")
        #expect(
          try await findings(scope, controller) == [
            "unreadable-file: 'tenants/shop' is a symbolic link to 'data' and is not followed"
          ])
      }
      world.prometheus.set("up == 0", [["instance": "a"]])
      try await controller.eventually("what was live pages still") { world.pages.count("Down") == 1 }
    }
  }

  @Test func `with paths that lead out of a folder hold its scope`() async throws {
    try await inWorld { world in
      let controller = try await begin(world)
      let script = #"""
        rules=$(git rev-parse HEAD:tenants/shop/api/rules.yaml)
        up=$(printf '100644 blob %s\tx.yaml\n' $rules | git mktree)
        entries=$(printf '040000 tree %s\t..\n100644 blob %s\trules.yaml\n' $up $rules)
        tree=$(echo "$entries" | git mktree)
        for folder in tenants/shop:api tenants:shop :tenants; do
          entries=$(git ls-tree HEAD:${folder%:*} | grep -v "${folder#*:}$"; printf '040000 tree %s\t%s\n' $tree ${folder#*:})
          tree=$(echo "$entries" | git mktree)
        done
        git update-ref refs/heads/main $(git commit-tree -p HEAD -m x $tree)
        git push -q origin main
        """#
      let finished = try await world.run("/bin/sh", ["-e", "-c", script], in: "alerts")
      #expect(finished.code == 0, "\(finished.errors)")
      try await controller.stands("shop/api", "Held (ValidationFailed)")
      let words = ["malformed-path: 'tenants/shop/api/../x.yaml' leads out of its folder"]
      #expect(try await findings("shop/api", controller) == words)
      for other in ["platform", "shop", "data"] { try await controller.stands(other, "Synced") }
      // The index is still that of the commit before.
      try await controller.applies(try await world.commit([:]))
      try await controller.stands("shop/api", "Synced")
    }
  }

  @Test func `with names that clash in case hold their scope`() async throws {
    try await inWorld { world in
      let controller = try await begin(world)
      try await push("echo 'groups: []' > tenants/shop/api/Rules.yaml", in: world, controller)
      try await controller.stands("shop/api", "Held (ValidationFailed)")
      let words = [
        "case-clash: 'tenants/shop/api/rules.yaml' and 'tenants/shop/api/Rules.yaml' differ in upper and lower case alone"
      ]
      #expect(try await findings("shop/api", controller) == words)
      for other in ["platform", "shop", "data"] { try await controller.stands(other, "Synced") }
      try await controller.applies(try await world.commit(["tenants/shop/api/Rules.yaml": nil]))
      try await controller.stands("shop/api", "Synced")
    }
  }

  @Test func `with ten thousand files in a folder are read, and the others go on`() async throws {
    try await inWorld { world in
      let controller = try await begin(world)
      try await push(
        "mkdir tenants/shop/api/many && cd tenants/shop/api/many && seq -f 'f%.0f.txt' 10000 | xargs touch"
          + " && seq -f 'f%.0f.yaml' 1000 | xargs touch", in: world, controller)
      try await controller.stands("shop/api", "Synced")
      let broken = try await world.commit(["tenants/shop/api/many/f1.yaml": "groups: x\n"])
      try await controller.applies(broken)
      try await controller.stands("shop/api", "Held (ValidationFailed)")
      try await controller.stands("data/lake", "Synced")
    }
  }

  @Test func `with names that clash in case are told of by check`() async throws {
    try await inWorld { world in
      try await world.makeRepository(with: [
        "tenants/shop/api/Rules.yaml": World.rules([("Other", "up == 1")], group: "other"),
        "tenants/Shop/tenant.yaml": "",
      ])
      let finished = try await world.belfry("check", world.path("alerts"))
      #expect(
        finished.errors.contains(
          "'tenants/shop/api/rules.yaml' and 'tenants/shop/api/Rules.yaml' differ in upper and lower case alone"))
      #expect(finished.errors.contains("the folder 'Shop' can't name a tenant"))
    }
  }

  @Test func `are refused by check as by the controller`() async throws {
    try await inWorld { world in
      try await world.makeRepository(with: [:])
      let script = """
        cd tenants/shop/api && ln -s ../../../../etc/passwd link.yaml && ln -s ../../data folder && ln -s rules.yaml notes
        printf x > "$(printf 'a\\nb.yaml')" && printf x > "$(printf '\\377.yaml')" && truncate -s 1G large.yaml
        git init -q module && printf 'x' > module/a.yaml
        printf 'version https://git-lfs.github.com/spec/v1\\noid sha256:00\\nsize 12\\n' > lfs.yaml
        mkdir -p $(printf 'd/%.0s' $(seq 250)) && mkfifo pipe.yaml && ln -s /etc/passwd passwd.yaml
        """
      let made = try await world.run("/bin/sh", ["-e", "-c", script], in: "alerts")
      #expect(made.code == 0, "\(made.errors)")
      let finished = try await world.belfry("check", world.path("alerts"))
      for words in [
        "'tenants/shop/api/link.yaml' is a symbolic link to '../../../../etc/passwd' and is not followed",
        "'tenants/shop/api/folder' is a symbolic link to '../../data' and is not followed",
        #"'tenants/shop/api/a\nb.yaml' has a name with a line break or another control character"#,
        #"'tenants/shop/api/\377.yaml' has a name that is not UTF-8"#,
        "the file has 1073741824 bytes; at most 16777216 are read",
        "'tenants/shop/api/module' is a repository of its own", "the file is a pointer of git-lfs",
        "is nested more than 200 folders deep", "'tenants/shop/api/pipe.yaml' is no regular file",
      ] { #expect(finished.errors.contains(words), "\(words)") }
      for words in ["notes", "module/a.yaml", "root:"] { #expect(!finished.errors.contains(words), "\(words)") }
    }
  }
}
