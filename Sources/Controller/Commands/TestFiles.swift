import Diagnostics
import Glibc
import Model
import Specs

/// Finds and reads the files of `belfry test`: tests, the rules that they name, and the specs around them.
struct TestFiles {
  /// What is told beside the results: names that match no file.
  private(set) var notes: [String] = []
  private let folder = currentFolder()

  /// The files that hold tests, in order: those named, and all of each folder that is named.
  func files(of paths: [String]) throws(CommandFailure) -> [String] {
    var found: [String] = []
    var seen: Set<String> = []
    for path in paths.isEmpty ? ["."] : paths {
      for file in try files(at: path) where seen.insert(absolute(file)).inserted { found.append(file) }
    }
    return found
  }

  private func files(at path: String) throws(CommandFailure) -> [String] {
    guard Files.exists(path) else { throw CommandFailure(.failed, "\(path): \(String(cString: strerror(ENOENT)))") }
    guard Files.isFolder(path) else { return [path] }
    let ignored = try ignoreRules(for: path)
    do throws(Files.Failure) {
      let prefix = path == "." ? "" : path.hasSuffix("/") ? path : path + "/"
      return try Files.tree(of: path).files
        .filter { $0.hasSuffix(".yaml") || $0.hasSuffix(".yml") }
        .map { prefix + $0 }
        .filter { file in !ignored(file) && (SpecReading.bytes(at: file).map(UnitTestFile.mayHoldTests) ?? false) }
    } catch {
      throw CommandFailure(.failed, error.description)
    }
  }

  /// What `.belfryignore` of the spec root leaves out.
  private func ignoreRules(for path: String) throws(CommandFailure) -> (String) -> Bool {
    guard let root = root(of: absolute(path)), let bytes = try? Files.read(root + "/.belfryignore", limit: 1 << 20)
    else { return { _ in false } }
    let rules = IgnoreRules(parsing: String(decoding: bytes, as: UTF8.self))
    return { file in rules.matches(String(absolute(file).dropFirst(root.count + 1))) }
  }

  /// Reads everything.
  mutating func plan(_ paths: [String]) async throws(CommandFailure) -> RehearsalPlan {
    var plan = RehearsalPlan(entries: [], ruleFiles: [:])
    var wanted: [String: Set<String?>] = [:]
    for path in paths {
      let bytes: [UInt8]
      do throws(Files.Failure) {
        bytes = try Files.read(path, limit: SpecReading.options.limits.fileBytes)
      } catch {
        throw CommandFailure(.failed, error.description)
      }
      let place = place(of: path)
      let file = UnitTestFile(path: path, scope: place?.scope, bytes: bytes, options: SpecReading.options)
      if let place {
        plan.roots[path] = place.root
        wanted[place.root, default: []].formUnion(Self.tenants(of: file, in: place.scope))
      }
      // Without the field, in a spec repository, the rules of the scope are meant.
      let names = file.spec?.ruleFiles ?? (place == nil ? [] : nil)
      plan.entries.append(.init(file: file, ruleFiles: names.map { resolve($0, of: path) }))
    }
    for name in Set(plan.entries.flatMap { $0.ruleFiles ?? [] }) { plan.ruleFiles[name] = rules(name) }
    for (root, tenants) in wanted { plan.surroundings[root] = try await Self.surroundings(root, tenants) }
    return plan
  }

  private func rules(_ path: String) -> SpecFile {
    let scope = place(of: path)?.scope ?? .platform
    do throws(Files.Failure) {
      let options = SpecReading.options
      let bytes = try Files.read(path, limit: options.limits.fileBytes)
      return SpecFile.parse(rulesAt: path, bytes: bytes, scope: scope, options: options)
    } catch {
      return SpecFile.unreadable(path: path, reason: error.description)
    }
  }

  /// The files that the names of a test file mean, each once.
  private mutating func resolve(_ names: [PlacedText], of path: String) -> [String] {
    let folder = path.lastIndex(of: "/").map { String(path[...$0]) } ?? ""
    var files: [String] = []
    for name in names {
      let pattern = name.text.hasPrefix("/") ? name.text : folder + name.text
      let matches = Self.expand(pattern).map(tidied)
      if matches.isEmpty {
        notes.append("\(path):\(name.range.start.line): no file matches '\(name.text)'")
      }
      for match in matches where !files.contains(match) { files.append(match) }
    }
    return files
  }

  private static func expand(_ pattern: String) -> [String] {
    var matches = glob_t()
    defer { globfree(&matches) }
    guard glob(pattern, GLOB_PERIOD, nil, &matches) == 0 else { return [] }
    return (0..<Int(matches.gl_pathc)).compactMap { index in
      matches.gl_pathv[index].map { String(cString: $0) }
    }
  }

  // MARK: - Places

  /// The spec root and the scope of a file; `nil` for files in nobody's folder.
  private func place(of path: String) -> (root: String, scope: Scope)? {
    let path = absolute(path)
    guard let root = root(of: path), let scope = SpecFile.scope(ofPath: String(path.dropFirst(root.count + 1))) else {
      return nil
    }
    return (root, scope)
  }

  private func root(of path: String) -> String? { (try? WorkingTreeSpecs(at: path))?.root }

  private func absolute(_ path: String) -> String {
    guard let resolved = realpath(path, nil) else { return path }
    defer { free(resolved) }
    return String(cString: resolved)
  }

  /// Without `..`, and relative to the working folder where it lies below it.
  private func tidied(_ path: String) -> String {
    let path = absolute(path)
    return path.hasPrefix(folder + "/") ? String(path.dropFirst(folder.count + 1)) : path
  }

  // MARK: - Specs

  /// The tenants whose specs a file's tests need; `nil` stands for the platform.
  private static func tenants(of file: UnitTestFile, in scope: Scope) -> Set<String?> {
    var tenants: Set<String?> = [nil, scope.tenant]
    for test in file.spec?.tests ?? [] {
      tenants.insert(test.scope?.tenant)
      for route in test.routes { tenants.insert(route.scope?.tenant) }
    }
    return tenants
  }

  /// The specs of the platform and of some tenants.
  private static func surroundings(_ root: String, _ tenants: Set<String?>) async throws(CommandFailure)
    -> SpecSurroundings
  {
    let sources = try WorkingTreeSpecs(at: root).sources()
      .filter { source in SpecFile.scope(ofPath: source.path).map { tenants.contains($0.tenant) } ?? false }
    var tree = SpecTree()
    tree.update(await SpecReading.read(sources))
    return SpecSurroundings(tree, zones: Zones { ZoneFiles.shared.rules($0) })
  }
}

/// The working folder, links resolved.
private func currentFolder() -> String {
  guard let resolved = realpath(".", nil) else { return "" }
  defer { free(resolved) }
  return String(cString: resolved)
}

extension WorkingTreeSpecs {
  /// What is wrong with the unit tests among files that were read, besides what reading them as specs has told.
  func problemsOfTests(among files: [(path: String, file: SpecFile?)]) -> [Diagnostic] {
    files.flatMap { path, file -> [Diagnostic] in
      guard let file, file.content == .unitTest, let bytes = SpecReading.bytes(at: root + "/" + path) else { return [] }
      let known = Set(file.diagnostics.all)
      return UnitTestFile(path: path, scope: file.scope, bytes: bytes, options: SpecReading.options)
        .diagnostics.all.filter { !known.contains($0) }
    }
  }
}
