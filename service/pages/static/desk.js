// Makes the components work, and shows the steps of a leaver that is under way as they end.
// Every page works without this.
import { initAll } from './govuk/govuk-frontend.min.js'

document.body.classList.add('js-enabled', 'govuk-frontend-supported')
initAll()

const progress = document.querySelector('[data-progress]')

async function look () {
  try {
    const answer = await fetch(progress.dataset.progress, { cache: 'no-store', redirect: 'error' })
    if (answer.headers.get('X-Leaver') === 'over') {
      window.location.reload()
      return
    }
    if (answer.ok) {
      const steps = await answer.text()
      if (steps.trim() !== progress.innerHTML.trim()) progress.innerHTML = steps
    }
  } catch {
    // Signed out, or the network is away: the link to reload the page is still there.
  }
  window.setTimeout(look, 1500)
}

if (progress) window.setTimeout(look, 500)
