/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Which symbols a shared object defines for others, read from its dynamic symbol
 * table without running any of it. Takes any bytes: every offset is checked.
 */
#include "core/host/internal.h"

#include <elf.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

struct image {
    const unsigned char *p;
    size_t n;
};

static bool within(const struct image *m, uint64_t off, uint64_t n) {
    return off <= m->n && n <= m->n - off;
}

static bool read_section(const struct image *m, const Elf64_Ehdr *eh, size_t i, Elf64_Shdr *ret) {
    uint64_t off;
    if (__builtin_mul_overflow((uint64_t)i, sizeof *ret, &off) ||
        __builtin_add_overflow(off, eh->e_shoff, &off) || !within(m, off, sizeof *ret)) {
        return false;
    }
    memcpy(ret, m->p + off, sizeof *ret);
    return within(m, ret->sh_offset, ret->sh_type == SHT_NOBITS ? 0 : ret->sh_size);
}

static bool is_export(const Elf64_Sym *s) {
    unsigned bind = ELF64_ST_BIND(s->st_info), type = ELF64_ST_TYPE(s->st_info);
    unsigned seen = ELF64_ST_VISIBILITY(s->st_other);
    return s->st_shndx != SHN_UNDEF && s->st_name != 0 && type != STT_SECTION && type != STT_FILE &&
           (bind == STB_GLOBAL || bind == STB_WEAK) &&
           (seen == STV_DEFAULT || seen == STV_PROTECTED);
}

static int count_exports(const struct image *m, const Elf64_Shdr *symbols,
                         const Elf64_Shdr *strings, struct cleat_buf *names) {
    int found = 0;
    for (uint64_t off = 0; off + sizeof(Elf64_Sym) <= symbols->sh_size; off += sizeof(Elf64_Sym)) {
        Elf64_Sym s;
        memcpy(&s, m->p + symbols->sh_offset + off, sizeof s);
        if (!is_export(&s) || s.st_name >= strings->sh_size) {
            continue;
        }
        const char *name = (const char *)m->p + strings->sh_offset + s.st_name;
        size_t n = strnlen(name, strings->sh_size - s.st_name);
        if (names->n > 0) {
            cleat_buf_puts(names, ", ");
        }
        cleat_buf_str(names, (struct cleat_str){name, n});
        found++;
    }
    return found;
}

static int scan(const struct image *m, struct cleat_buf *names) {
    Elf64_Ehdr eh;
    if (m->n < sizeof eh) {
        return -1;
    }
    memcpy(&eh, m->p, sizeof eh);
    if (memcmp(eh.e_ident, ELFMAG, SELFMAG) != 0 || eh.e_ident[EI_CLASS] != ELFCLASS64 ||
        eh.e_type != ET_DYN || eh.e_shentsize != sizeof(Elf64_Shdr)) {
        return -1;
    }
    for (size_t i = 0; i < eh.e_shnum; i++) {
        Elf64_Shdr symbols, strings;
        if (read_section(m, &eh, i, &symbols) && symbols.sh_type == SHT_DYNSYM) {
            return read_section(m, &eh, symbols.sh_link, &strings)
                       ? count_exports(m, &symbols, &strings, names)
                       : -1;
        }
    }
    return 0;
}

int cleat_elf_exports(const char *path, struct cleat_buf *names) {
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    struct stat st;
    int found = -1;
    if (fd >= 0 && fstat(fd, &st) == 0 && st.st_size > 0) {
        void *p = mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
        if (p != MAP_FAILED) {
            struct image m = {p, (size_t)st.st_size};
            found = scan(&m, names);
            munmap(p, (size_t)st.st_size);
        }
    }
    if (fd >= 0) {
        close(fd);
    }
    return found;
}
