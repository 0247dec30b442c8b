/**
 * Sends a subscribe form without leaving the page. Everything works without it.
 */
( () => {
	// The server takes nothing that is sent faster than a person can; see class Bot_Trap. Its clock counts whole seconds.
	const SHORTEST = 3000;
	const loaded = Date.now();
	const rest = () => new Promise( ( resolve ) => setTimeout( resolve, loaded + SHORTEST - Date.now() ) );

	const ask = async ( form ) => {
		const body = new FormData( form );
		body.append( 'gateway-script', '1' );
		await rest();
		const response = await fetch( window.location.href, { method: 'POST', body, headers: { Accept: 'application/json' } } );
		return response.json();
	};

	const show = ( place, { sent, message, field } ) => {
		const form = place.querySelector( 'form' );
		const answer = place.querySelector( '.gateway-subscribe-answer' );
		answer.textContent = message;
		form.querySelectorAll( '[aria-invalid]' ).forEach( ( input ) => input.removeAttribute( 'aria-invalid' ) );
		if ( sent ) {
			form.remove();
			answer.focus();
			place.dispatchEvent( new Event( 'gateway-connector-subscribed', { bubbles: true } ) );
			return;
		}
		const wrong = form.elements[ field ];
		if ( wrong ) {
			wrong.setAttribute( 'aria-invalid', 'true' );
			wrong.focus();
		}
	};

	document.addEventListener( 'submit', async ( event ) => {
		const form = event.target;
		const place = form.closest( '.gateway-subscribe' );
		if ( ! place ) {
			return;
		}
		event.preventDefault();
		if ( form.getAttribute( 'aria-busy' ) === 'true' ) {
			return;
		}
		form.setAttribute( 'aria-busy', 'true' );
		const answer = await ask( form ).catch( () => ( { sent: false, message: place.dataset.failed } ) );
		form.removeAttribute( 'aria-busy' );
		show( place, answer );
	} );
} )();
