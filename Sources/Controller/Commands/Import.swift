import ArgumentParser
import Importer
import Specs

/// `belfry import`: what people have, as a spec tree.
struct ImportCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "import", abstract: "Turn the configuration of Alertmanager or Prometheus into specs.",
    subcommands: [ImportAlertmanager.self, ImportPrometheus.self])
}

/// `belfry import alertmanager`.
struct ImportAlertmanager: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "alertmanager", abstract: "Turn an Alertmanager's configuration into specs that route alike.",
    discussion: """
      Receivers become channels of the platform, the route tree its Route. Secrets become references; IMPORT.md says
      which file must hold what. What can't be carried over is said there, with file and line, and on stderr.
      Exits with 3, and writes nothing, when the configuration itself has errors.

      Example: belfry import alertmanager /etc/alertmanager/alertmanager.yml --out alerts --secrets-out secrets
      """)

  @Argument(help: "The file that Alertmanager is started with, or the Secret that holds it.")
  var file: String
  @OptionGroup var options: ImportOptions

  func run() async throws {
    try options.checkFolders()
    let bytes = try Files.read(file, limit: 64 << 20)
    let work = AlertmanagerImport(file: file, bytes: bytes, options: SpecReading.withoutLints)
    let templates = try work.templatePatterns.flatMap { Globbing.files(matching: $0, beside: file) }
      .map { AlertmanagerImport.TemplateFile(path: $0, bytes: try Files.read($0, limit: 16 << 20)) }
    // No lines of the file are shown: any of them may hold a secret.
    try options.finish(work.result(templates: templates)) { _ in nil }
  }
}

/// `belfry import prometheus`.
struct ImportPrometheus: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "prometheus", abstract: "Turn rule files, and a prometheus.yml, into specs.",
    discussion: """
      Rules stay as they are; files go to the folders of tenants, and what finds none to the platform. FILE may be a
      prometheus.yml, whose rule_files are then read too. A label such as team says whose rules they are, or a part of
      the path: the first group of the pattern is the tenant, the second the project.

      Example: belfry import prometheus /etc/prometheus/prometheus.yml --tenant-from label:team --out alerts
      Example: belfry import prometheus rules/*/*.yml --tenant-from 'path:rules/([^/]+)/' --out alerts
      """)

  @Argument(help: "Rule files, PrometheusRule objects, and a prometheus.yml.")
  var files: [String]
  @Option(help: "Whose rules they are: label:NAME or path:REGEX. Without it all are the platform's.")
  var tenantFrom: String?
  @Option(help: "The address of the Prometheus that has the samples.")
  var dataSource: String?
  @OptionGroup var options: ImportOptions

  func validate() throws {
    guard !files.isEmpty else { throw ValidationError("name at least one file") }
    _ = try placement()
  }

  private func placement() throws -> TenantPlacement {
    guard let tenantFrom else { return .platform }
    do throws(TenantPlacement.Problem) {
      return try TenantPlacement(parsing: tenantFrom)
    } catch {
      throw ValidationError("--tenant-from " + error.message)
    }
  }

  func run() async throws {
    try options.checkFolders()
    var inputs: [ImportedFile] = []
    var seen: Set<String> = []
    for file in files where seen.insert(file).inserted {
      let input = ImportedFile(path: file, bytes: try Files.read(file, limit: 256 << 20))
      inputs.append(input)
      for pattern in PrometheusImport.ruleFilePatterns(in: input.bytes) {
        let found = Globbing.files(matching: pattern, beside: file)
        if found.isEmpty { Console.note("belfry: \(file): no file is there for '\(pattern)' of rule_files") }
        for path in found where seen.insert(path).inserted {
          inputs.append(ImportedFile(path: path, bytes: try Files.read(path, limit: 256 << 20)))
        }
      }
    }
    let result = PrometheusImport(
      inputs, placement: try placement(), dataSource: dataSource, options: SpecReading.withoutLints
    ).result()
    // Lines of rules are shown; those of settings may hold secrets.
    let rules = inputs.filter { PrometheusImport.holdsRules($0.bytes) }
    try options.finish(result) { path in
      (rules.first { $0.path == path } ?? result.files.first { $0.path == path })?.bytes
    }
  }
}
