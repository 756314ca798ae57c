import Foundation
import JSON
import Testing

#if canImport(FoundationXML)
  import FoundationXML
#endif

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

@Suite struct `The examples' own tests` {
  @Test func `pass, as belfry test tells in words and as JUnit's XML`() async throws {
    try await inWorld { world in
      let passed = try await world.belfry("test", root + "/examples/tenants")
      #expect(passed.code == 0, "\(passed.output)\(passed.errors)")
      let report = try await world.belfry("test", "--format", "junit", root + "/examples/tenants")
      #expect(report.code == 0, "\(report.errors)")
      let suites = try JUnitReader(report.output)
      #expect(suites.names.first == "testsuites")
      #expect(suites.names.contains("testcase"))
      #expect(!suites.names.contains("failure"))
    }
  }

  @Test func `fail where a rule no longer does what they say`() async throws {
    try await inWorld { world in
      try FileManager.default.copyItem(atPath: root + "/examples/tenants", toPath: world.path("specs"))
      let rules = "specs/tenants/shop/checkout/rules.yaml"
      let changed = world.read(rules).replacing("expr: up == 0", with: "expr: up == 2")
      #expect(changed != world.read(rules))
      try world.write(changed, to: rules)
      let failed = try await world.belfry("test", world.path("specs"))
      #expect(failed.code == 3, "\(failed.output)\(failed.errors)")
      #expect(failed.output.contains("CheckoutDown"), "\(failed.output)")
      let report = try await world.belfry("test", "--format", "junit", world.path("specs"))
      #expect(report.code == 3)
      #expect(try JUnitReader(report.output).names.contains("failure"))
      let usage = try await world.belfry("test", "--format", "page", world.path("specs"))
      #expect(usage.code == 64)
    }
  }
}

/// The names of a document's elements, in order; throws where it is no XML.
private final class JUnitReader: NSObject, XMLParserDelegate {
  private(set) var names: [String] = []

  init(_ text: String) throws {
    super.init()
    let parser = XMLParser(data: Data(text.utf8))
    parser.delegate = self
    guard parser.parse() else {
      throw NotSeen(description: "no XML: \(parser.parserError.map { "\($0)" } ?? "")\n\(text)")
    }
  }

  func parser(
    _ parser: XMLParser, didStartElement name: String, namespaceURI: String?, qualifiedName: String?,
    attributes: [String: String]
  ) { names.append(name) }
}
