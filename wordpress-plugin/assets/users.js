/**
 * The page "Gateway › Users": adds rows, and drives the sync of all users while the page is open. Everything works without it.
 */
( () => {
	const pairs = ( button ) => button.closest( 'fieldset' ).querySelectorAll( '.gateway-connector-pair' );

	const addRow = ( button ) => {
		const rows = pairs( button );
		const row = rows[ rows.length - 1 ].cloneNode( true );
		row.querySelectorAll( 'input, select' ).forEach( ( control ) => {
			control.name = control.name.replace( /\d+/, rows.length );
			control.value = '';
		} );
		rows[ rows.length - 1 ].after( row );
		row.querySelector( 'input, select' ).focus();
	};

	document.querySelectorAll( '.gateway-connector-more' ).forEach( ( button ) => {
		button.hidden = false;
		button.addEventListener( 'click', () => addRow( button ) );
	} );

	const panel = document.querySelector( '.gateway-connector-bulk' );
	if ( ! panel || panel.dataset.goesOn !== '1' ) {
		return;
	}
	const bar = panel.querySelector( 'progress' );
	const text = panel.querySelector( '.gateway-connector-bulk-text' );
	const pause = ( seconds ) => new Promise( ( done ) => setTimeout( done, seconds * 1000 ) );

	const step = async () => {
		const response = await fetch( panel.dataset.url, { method: 'POST', credentials: 'same-origin' } );
		const { success, data } = await response.json();
		if ( ! success ) {
			throw new Error( response.status );
		}
		bar.value = data.percent;
		text.textContent = data.text;
		return data;
	};

	const run = async () => {
		let last = '';
		for ( ;; ) {
			try {
				const data = await step();
				if ( ! data.goesOn ) {
					break;
				}
				await pause( data.text === last ? 3 : 0.2 ); // No progress: the gateway is busy or down.
				last = data.text;
			} catch ( error ) {
				text.textContent = panel.dataset.error;
				await pause( 5 );
			}
		}
		location.reload(); // Shows other buttons, and the users who were not accepted.
	};
	run();
} )();
