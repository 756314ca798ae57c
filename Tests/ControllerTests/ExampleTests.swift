import Foundation
import JSON
import Testing

@testable import Controller

/// The root of this repository.
private let root = URL(fileURLWithPath: #filePath).resolvingSymlinksInPath()
  .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent().path

@Suite struct `The examples` {
  @Test func `they are sound, planned and run`() async throws {
    try await inWorld { world in
      try await world.makeRepository()
      for folder in ["platform", "tenants"] {
        try FileManager.default.copyItem(
          atPath: root + "/examples/tenants/" + folder, toPath: world.path("alerts/" + folder))
      }
      // A scripted server in place of the embedded source, whose samples are this machine's.
      let source = world.read("alerts/platform/sources.yaml")
      let embedded = try #require(source.firstRange(of: "  embedded:"))
      let rest = try #require(source.firstRange(of: "  default: true"))
      let server = "  prometheus: {url: '\(world.prometheus.url)'}\n"
      try world.write(
        source[..<embedded.lowerBound] + server + source[rest.lowerBound...], to: "alerts/platform/sources.yaml")
      let checked = try await world.belfry("check", "--fail-on", "warning", world.path("alerts"))
      #expect(checked.code == 0, "\(checked.errors)")
      try await world.git(["commit", "-q", "--allow-empty", "-m", "Nothing"])
      let planned = try await world.belfry("diff", "--base", "HEAD", "--detailed-exitcode", in: "alerts")
      #expect(planned.code == 2, "\(planned.errors)")
      #expect(planned.output.contains("+ RuleGroup"))
      let commit = try await world.commit([:], "Begin")
      world.prometheus.set("up == 0", [["instance": "a", "job": "node"]])
      let once = try await world.run(World.belfry, world.runArguments(["--once"]))
      #expect(once.code == 0, "\(once.errors)")
      #expect(once.output.hasPrefix("Synced  main@sha1:\(commit)"))
      #expect(once.output.contains("pending  CheckoutDown"))
    }
  }
}

@Suite struct `The Kubernetes manifests` {
  @Test(arguments: ["k8s/base", "k8s/overlays/example"]) func `they are what Kubernetes takes, and restricted`(
    _ folder: String
  ) async throws {
    try await inWorld { world in
      for (name, command) in [
        ("kubectl", ["kubectl", "version", "--client"]),
        ("kubernetes_validate", ["python3", "-c", "import kubernetes_validate"]),
      ] where try await world.run("/usr/bin/env", command).code != 0 {
        try Test.cancel("\(name) is missing")
      }
      let rendered = try await world.run("/usr/bin/env", ["kubectl", "kustomize", root + "/" + folder])
      #expect(rendered.code == 0, "\(rendered.errors)")
      try world.write(rendered.output, to: "rendered.yaml")
      let validated = try await world.run(
        "/bin/sh", ["-c", "python3 '\(root)/scripts/validate-manifests' < rendered.yaml"])
      #expect(validated.code == 0, "\(validated.output)\(validated.errors)")
      for line in [
        "replicas: 1", "type: Recreate", "runAsNonRoot: true", "allowPrivilegeEscalation: false",
        "readOnlyRootFilesystem: true", "type: RuntimeDefault", "- ALL", "livenessProbe:", "readinessProbe:",
        "startupProbe:", "automountServiceAccountToken: false",
      ] { #expect(rendered.output.contains(line), "\(line)") }
      for line in ["subPath", "privileged: true", "hostNetwork: true", "hostPath"] {
        #expect(!rendered.output.contains(line), "\(line)")
      }
    }
  }
}
