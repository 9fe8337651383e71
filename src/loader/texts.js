// The texts in other languages than English, which is in the module. Each language's are a file of their own, fetched as
// data when somebody wants to read it.
// By language: scripts/bundle.mjs puts the names of the shipped files in place of these.
const CATALOGUES = {
  de: new URL('../messages/de.json', import.meta.url),
  zh: new URL('../messages/zh-Hans.json', import.meta.url),
  ar: new URL('../messages/ar.json', import.meta.url),
}
const asked = {} // by language: its texts, or the promise of them
const missed = new Set() // the languages whose texts could not be had, which is said once

/** Says where the texts of some languages are, by language tag. */
export function setCatalogues(urls = {}) {
  for (const [tag, url] of Object.entries(urls)) CATALOGUES[primary(tag)] = url
}

const primary = (tag) => tag.split(/[-_]/)[0].toLowerCase()

/** The language that the module will choose (Locale::nearest in src/messages/mod.rs), if its texts are to be fetched. */
export function languageOf(element) {
  const tag = (element.hasAttribute('url-sync') && new URLSearchParams(location.search).get('locale')) || element.getAttribute('locale')
  let tags = navigator.languages
  try {
    if (tag) tags = Intl.getCanonicalLocales(tag)
  } catch {} // no language tag: the module says so, and goes by the reader's languages
  const language = tags.map(primary).find((each) => each === 'en' || each in CATALOGUES)
  return language === 'en' ? undefined : language
}

/** The texts of a language; undefined if they cannot be had. Texts that are here already come as they are. */
export function textsOf(language) {
  return (asked[language] ??= fetchTexts(language))
}

async function fetchTexts(language) {
  try {
    await null // a script that imports this one calls `configure` once all of its imports have run
    const response = await fetch(new URL(CATALOGUES[language], document.baseURI))
    if (!response.ok) throw new Error(`HTTP ${response.status}`)
    return (asked[language] = Object.values(await response.json())) // the module takes them by their places
  } catch (error) {
    asked[language] = undefined // the next who wants them tries again
    if (!missed.has(language)) console.info(`The task list is in English: its texts in “${language}” could not be loaded (${error.message}).`)
    missed.add(language)
  }
}
