import CoreFoundation
import Glibc
import Model
import Notifier
import Synchronization
// The structs of time belong to whichever module the compiler read first, which differs with the files around.
import SwiftOverlayShims

/// Secrets as files: `<dir>/<tenant>/<name>`, or `<dir>/<tenant>.<name>` as one mounted Kubernetes Secret has them.
///
/// Each is read at the time of use and again when it changes, so a rotated secret needs no restart. A tenant reaches its
/// own namespace only; the platform's is `platform`.
final class SecretStore: SecretResolver {
  private struct Entry {
    var modified: timespec
    var size: Int
    var value: Secret
  }

  private let folder: String?
  private let cache = Mutex<[String: Entry]>([:])
  /// The names that tenants had before, the last first; none of them is a living tenant's.
  private let formerNames = Mutex<[String: [String]]>([:])

  /// - Parameter folder: `--secrets-dir`; `nil` where none was given, and then every secret is missing.
  init(folder: String?) {
    self.folder = folder
  }

  /// Says under which names renamed tenants' secrets may still lie.
  func setFormerNames(_ names: [String: [String]]) {
    formerNames.withLock { $0 = names }
  }

  /// The secret's text, without a line break at its end.
  func secret(_ name: String, for scope: Scope) throws(SecretError) -> Secret {
    let path = try file(name, for: scope)
    var status = stat()
    guard stat(path, &status) == 0 else { throw .unreadable(name: name, scope: scope, "\(path) is gone") }
    let cached = cache.withLock { $0[path] }
    if let cached, cached.modified.tv_sec == status.st_mtim.tv_sec, cached.modified.tv_nsec == status.st_mtim.tv_nsec,
      cached.size == Int(status.st_size)
    {
      return cached.value
    }
    let value = try read(path, name: name, scope: scope)
    cache.withLock { $0[path] = Entry(modified: status.st_mtim, size: Int(status.st_size), value: value) }
    return value
  }

  /// The path of the file that holds a secret, for what must be a file (a certificate).
  func file(_ name: String, for scope: Scope) throws(SecretError) -> String {
    guard let folder else {
      throw .unreadable(name: name, scope: scope, "the controller has no --secrets-dir")
    }
    guard !name.isEmpty, !name.utf8.contains(UInt8(ascii: "/")), !name.utf8.contains(0), name.first != "." else {
      throw .unreadable(name: name, scope: scope, "a secret's name has no slash and begins with no dot")
    }
    let namespaces =
      scope.tenant.map { tenant in [tenant] + formerNames.withLock { $0[tenant] ?? [] } } ?? ["platform"]
    let candidates = namespaces.flatMap { ["\(folder)/\($0)/\(name)", "\(folder)/\($0).\(name)"] }
    guard let found = candidates.first(where: Files.exists) else {
      throw .unreadable(name: name, scope: scope, "neither \(candidates[0]) nor \(candidates[1]) exists")
    }
    return found
  }

  private func read(_ path: String, name: String, scope: Scope) throws(SecretError) -> Secret {
    let bytes: [UInt8]
    do {
      bytes = try Files.read(path, limit: 1 << 20)
    } catch {
      throw .unreadable(name: name, scope: scope, error.description)
    }
    var text = String(decoding: bytes, as: UTF8.self)
    while let last = text.unicodeScalars.last, last == "\n" || last == "\r" { text.unicodeScalars.removeLast() }
    return Secret(text)
  }
}
