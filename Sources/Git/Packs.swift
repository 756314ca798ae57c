import CLibgit2
import Glibc
import Model

/// The pack files of a repository that grows by one with each fetch.
struct Packs {
  let repository: OpaquePointer
  let path: String

  /// So many small packs are left alone.
  private static let most = 32
  /// A pack of at least so many bytes is large, and never written again.
  private static let largest = 8 << 20

  private var folder: String { path + "/objects/pack" }

  /// Writes the objects of all small packs into one, if there are many; says whether it did.
  ///
  /// The work grows with the small packs, not with the repository.
  func putSmallOnesTogether() throws(GitError) -> Bool {
    let small = smallPacks()
    guard small.count > Self.most else { return false }
    var builder: OpaquePointer?
    try check(git_packbuilder_new(&builder, repository))
    defer { git_packbuilder_free(builder) }
    for name in small { try add(name, to: builder) }
    try check(git_packbuilder_write(builder, nil, 0, nil, nil))
    let written = git_packbuilder_name(builder).map { "pack-" + String(cString: $0) }
    for name in small where name != written {
      // The index first: without it the pack doesn't count.
      for ending in [".idx", ".rev", ".pack"] { unlink(folder + "/" + name + ending) }
    }
    return true
  }

  /// The names of the small packs, without their endings.
  private func smallPacks() -> [String] {
    Mirror.names(in: folder).filter { $0.hasSuffix(".pack") }.map { String($0.dropLast(5)) }.sorted().filter { name in
      var facts = stat()
      return stat(folder + "/" + name + ".pack", &facts) == 0 && facts.st_size < Self.largest
        && access(folder + "/" + name + ".keep", F_OK) != 0
    }
  }

  private func add(_ name: String, to builder: OpaquePointer?) throws(GitError) {
    var (database, backend): (OpaquePointer?, OpaquePointer?)
    try check(git_odb_new(&database))
    defer { git_odb_free(database) }
    try check(git_odb_backend_one_pack(&backend, folder + "/" + name + ".idx"))
    try check(git_odb_add_backend(database, backend, 1))
    let code = git_odb_foreach(
      database,
      { id, builder in git_packbuilder_insert(builder.map { OpaquePointer($0) }, id, nil) },
      builder.map { UnsafeMutableRawPointer($0) }
    )
    try check(code)
  }

  private func check(_ code: Int32) throws(GitError) {
    guard code == 0 else { throw GitError(storing: path, LibraryFailure.last(code: code)) }
  }
}
