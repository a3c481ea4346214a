// Makes the components work, and shows the steps of a leaver that is under way as they end.
// Every page works without this.
import { initAll } from './govuk/govuk-frontend.min.js'

document.body.classList.add('js-enabled', 'govuk-frontend-supported')
initAll()

const progress = document.querySelector('[data-progress]')
const news = document.querySelector('[data-progress-news]')
const SHORTEST_PAUSE = 1500
const LONGEST_PAUSE = 15000

let received = ''
let pause = SHORTEST_PAUSE
let next

function newestStep () {
  const titles = progress.querySelectorAll('.desk-history > li > p:first-child')
  return titles.length ? titles[titles.length - 1].textContent : ''
}

function show (steps) {
  const before = newestStep()
  received = steps
  progress.innerHTML = steps
  // Only what is new is read out, and not the whole history again.
  if (newestStep() !== before) news.textContent = newestStep()
}

async function look () {
  if (document.hidden) return
  try {
    const answer = await fetch(progress.dataset.progress, { cache: 'no-store', redirect: 'error' })
    if (answer.headers.get('X-Leaver') === 'over') {
      window.location.reload()
      return
    }
    const steps = answer.ok ? await answer.text() : received
    pause = steps === received ? Math.min(pause * 1.5, LONGEST_PAUSE) : SHORTEST_PAUSE
    if (steps !== received) show(steps)
  } catch {
    // Signed out, or the network is away: the link to reload the page is still there.
    pause = LONGEST_PAUSE
  }
  wait(pause)
}

function wait (milliseconds) {
  window.clearTimeout(next)
  next = window.setTimeout(look, milliseconds)
}

if (progress) {
  document.addEventListener('visibilitychange', () => wait(0))
  wait(500)
}
