/**
 * The tab "Gateway" of the form editor: says what the choices mean, and adds rows. Everything works without it.
 */
( () => {
	const panel = document.querySelector( '.gateway-connector-panel' );
	if ( ! panel ) {
		return;
	}

	const summary = panel.querySelector( '.gateway-connector-summary' );
	const input = ( member ) => panel.querySelector( `[name="gateway-connector[${ member }]"]` );
	const label = ( menu ) => menu.options[ menu.selectedIndex ].text;

	const summarize = () => {
		const menus = [ 'list', 'email', 'consent' ].map( input );
		const missing = menus.filter( ( menu ) => ! menu.value ).map( ( menu ) => menu.dataset.missing );
		const situation = input( 'enabled' ).checked ? ( missing.length ? 'incomplete' : 'ready' ) : 'off';
		const [ list, , consent ] = menus.map( label );
		const words = { list, consent, email: input( 'email' ).value, missing: missing.join( ', ' ) };
		summary.textContent = summary.dataset[ situation ].replace( /\{(\w+)\}/g, ( _, word ) => words[ word ] );
		panel.className = `gateway-connector-panel gateway-connector-${ situation }`;
	};

	const addRow = () => {
		const rows = panel.querySelectorAll( '.gateway-connector-property' );
		const row = rows[ rows.length - 1 ].cloneNode( true );
		row.querySelectorAll( 'input, select' ).forEach( ( control ) => {
			control.name = control.name.replace( /\d+/, rows.length );
			control.value = '';
		} );
		rows[ rows.length - 1 ].after( row );
		row.querySelector( 'input' ).focus();
	};

	const button = panel.querySelector( '.gateway-connector-add' );
	button.hidden = false;
	button.addEventListener( 'click', addRow );
	panel.addEventListener( 'change', summarize );
	summarize();
} )();
