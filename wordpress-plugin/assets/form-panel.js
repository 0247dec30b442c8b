/**
 * The choices for a form, in Contact Form 7's editor and on our own page: says what they mean, follows the form's text where there is an
 * editor, and adds rows. Saving works without it.
 */
( () => {
	const panel = document.querySelector( '.gateway-connector-panel' );
	if ( ! panel ) {
		return;
	}

	const all = ( selector, within = panel ) => [ ...within.querySelectorAll( selector ) ];
	const one = ( selector ) => panel.querySelector( selector );
	const input = ( member ) => one( `[name="gateway-connector[${ member }]"]` );
	const label = ( menu ) => menu.options[ menu.selectedIndex ].text;
	const notFound = ( value ) => panel.dataset.notFound.replace( '%s', value );
	const works = ( control ) => control.value && ( ! control.options || label( control ) !== notFound( control.value ) );
	const fill = ( sentence, words ) => sentence.replace( /\{(\w+)\}/g, ( _, word ) => words[ word ] );
	const editor = document.getElementById( 'wpcf7-form' );

	// ---- What a submission will do ----

	const summary = one( '.gateway-connector-summary' );

	const describe = ( row ) => {
		const [ list, consent ] = all( 'select', row );
		const sending = consent.value === panel.dataset.sending;
		const needed = [ list, input( 'email' ), consent, ...( sending ? [ input( 'words' ) ] : [] ) ];
		const missing = needed.filter( ( control ) => ! works( control ) ).map( ( control ) => control.dataset.missing );
		return {
			complete: ! missing.length,
			sending,
			used: list.value || consent.value,
			list: label( list ),
			consent: label( consent ),
			email: label( input( 'email' ) ),
			missing: missing.join( ', ' ),
		};
	};

	const summarize = () => {
		const say = summary.dataset;
		const rows = all( '.gateway-connector-list' ).map( describe );
		const transactional = one( '[value="transactional"]' ).checked;
		const ready = rows.some( ( row ) => row.complete );
		const situation = ! input( 'enabled' ).checked ? 'off' : transactional ? 'transactional' : ready ? 'ready' : 'incomplete';
		const language = input( 'language' ).value ? label( input( 'language' ) ) : input( 'language' ).dataset.own;
		const used = situation === 'ready' ? rows.filter( ( row ) => row.used ) : [];
		const said = used.map( ( row ) => fill( ! row.complete ? say.half : row.sending ? say.sending : say.list, row ) );
		const noBox = situation === 'ready' && ! rows.some( ( row ) => row.complete && ! row.sending );
		summary.textContent = [ ...said, fill( say[ noBox ? 'language' : situation ], { language, missing: rows[ 0 ].missing } ) ].join( '\n' );
		panel.className = `gateway-connector-panel gateway-connector-${ situation }`;
		all( '.gateway-connector-subscribing' ).forEach( ( part ) => ( part.hidden = transactional ) );
		if ( input( 'words' ) ) {
			input( 'words' ).closest( 'tr' ).hidden = ! rows.some( ( row ) => row.sending );
		}
	};

	// ---- The menus follow the form's text ----

	const offer = ( menu, options ) => {
		const chosen = menu.value;
		const none = menu.options[ 0 ];
		const offered = Object.entries( options ).map( ( [ value, text ] ) => new Option( text, value ) );
		const gone = chosen && ! ( chosen in options );
		if ( gone ) {
			offered.push( new Option( notFound( chosen ), chosen ) );
		}
		menu.replaceChildren( none, ...offered );
		menu.value = chosen;
		return gone ? [ chosen ] : [];
	};

	const warn = ( vanished ) => {
		const warnings = one( '.gateway-connector-warnings' );
		all( '.gateway-connector-live', warnings ).forEach( ( warning ) => warning.remove() );
		const known = warnings.textContent;
		const matters = input( 'enabled' ).checked && ! one( '[value="transactional"]' ).checked;
		for ( const field of new Set( matters ? vanished : [] ) ) {
			const text = warnings.dataset.vanished.replace( '%s', field );
			if ( ! known.includes( text ) ) {
				const warning = document.createElement( 'div' );
				warning.className = 'gateway-connector-live notice notice-warning inline';
				warning.append( Object.assign( document.createElement( 'p' ), { textContent: text } ) );
				warnings.append( warning );
			}
		}
	};

	let reading = 0;

	const read = async () => {
		const turn = ++reading;
		const path = '/gateway-connector/v1/form-fields';
		const { fields, boxes } = await wp.apiFetch( { path, method: 'POST', data: { form: editor.value } } );
		if ( turn === reading ) {
			const missing = [
				...all( '[data-holds="field"]' ).flatMap( ( menu ) => offer( menu, fields ) ),
				...all( '[data-member="consent"]' ).flatMap( ( menu ) => offer( menu, boxes ) ),
			];
			const help = one( '.gateway-connector-box-help' );
			help.textContent = Object.keys( boxes ).length ? help.dataset.some : help.dataset.none;
			warn( missing );
			summarize();
		}
	};

	let pause;

	const readSoon = () => {
		clearTimeout( pause );
		pause = setTimeout( () => read().catch( () => {} ), 400 ); // Saving checks again anyway.
	};

	// ---- The lists, asked anew without leaving the page ----

	const refresh = async ( event ) => {
		event.preventDefault();
		const answer = one( '.gateway-connector-refreshed' );
		answer.textContent = '…';
		const { items, message } = await wp.apiFetch( { path: '/gateway-connector/v1/lists?refresh=1' } ).catch( ( error ) => error );
		if ( items ) {
			const lists = Object.fromEntries( items.map( ( { id, name } ) => [ id, name ] ) );
			all( '[data-member="list"]' ).forEach( ( menu ) => offer( menu, lists ) );
			summarize();
		}
		answer.textContent = message;
	};

	one( '.gateway-connector-refresh' )?.addEventListener( 'click', refresh );

	// ---- A box for the form ----

	const said = ( what ) => ( one( '.gateway-connector-said' ).textContent = one( '.gateway-connector-said' ).dataset[ what ] );

	const insert = async () => {
		const code = one( '.gateway-connector-code' );
		const submit = editor.value.search( /\[submit\b/ );
		const at = submit < 0 ? editor.value.length : submit;
		editor.setRangeText( `${ at && editor.value[ at - 1 ] !== '\n' ? '\n' : '' }${ code.value }\n`, at, at, 'end' );
		editor.dispatchEvent( new Event( 'change', { bubbles: true } ) );
		clearTimeout( pause );
		await read();
		const name = code.value.match( /newsletter-\d+/ )[ 0 ];
		const waiting = all( '[data-member="consent"]' ).find( ( menu ) => ! works( menu ) );
		if ( waiting ) {
			waiting.value = name;
		}
		code.value = code.value.replace( /newsletter-(\d+)/, ( _, number ) => `newsletter-${ Number( number ) + 1 }` );
		summarize();
		said( waiting ? 'chosen' : 'inserted' );
	};

	const copy = async () => {
		one( '.gateway-connector-code' ).select();
		try {
			await navigator.clipboard.writeText( one( '.gateway-connector-code' ).value );
		} catch {
			document.execCommand( 'copy' ); // Without TLS there is no clipboard to ask.
		}
		said( 'copied' );
	};

	// ---- Rows ----

	const renumber = ( row, number ) =>
		all( 'input, select', row ).forEach( ( control ) => ( control.name = control.name.replace( /\d+/, number ) ) );

	const addTo = ( selector, fresh ) => {
		const rows = all( selector );
		renumber( fresh, rows.length );
		rows[ rows.length - 1 ].after( fresh );
		fresh.querySelector( 'input, select' ).focus();
	};

	const addProperty = () => {
		const fresh = one( '.gateway-connector-property' ).cloneNode( true );
		all( 'input, select', fresh ).forEach( ( control ) => ( control.value = '' ) );
		addTo( '.gateway-connector-property', fresh );
	};

	const spare = one( '.gateway-connector-spare' );
	spare.remove();
	spare.classList.remove( 'gateway-connector-spare' );

	const addList = () => {
		const fresh = spare.cloneNode( true );
		const first = all( 'select', one( '.gateway-connector-list' ) );
		all( 'select', fresh ).forEach( ( menu, index ) => menu.replaceChildren( ...first[ index ].cloneNode( true ).options ) );
		all( 'select', fresh ).forEach( ( menu ) => ( menu.value = '' ) );
		addTo( '.gateway-connector-list', fresh );
		update();
	};

	const update = () => {
		const rows = all( '.gateway-connector-list' );
		rows.forEach( ( row, index ) => {
			renumber( row, index );
			row.querySelector( 'legend' ).textContent = row.querySelector( 'legend' ).textContent.replace( /\d+/, index + 1 );
			row.querySelector( '.gateway-connector-remove' ).hidden = rows.length < 2;
		} );
		summarize();
	};

	panel.addEventListener( 'click', ( { target } ) => {
		if ( target.matches( '.gateway-connector-remove' ) ) {
			target.closest( '.gateway-connector-list' ).remove();
			update();
			one( '.gateway-connector-add-list' ).focus();
		}
	} );
	for ( const [ name, act ] of Object.entries( { 'add': addProperty, 'add-list': addList, insert, copy } ) ) {
		const button = one( `.gateway-connector-${ name }` ); // Only Contact Form 7's forms take our box.
		if ( button ) {
			button.hidden = false;
			button.addEventListener( 'click', act );
		}
	}
	panel.addEventListener( 'change', summarize );
	input( 'words' )?.addEventListener( 'input', summarize );
	editor?.addEventListener( 'input', readSoon );
	editor?.addEventListener( 'change', readSoon ); // The tag generators write without typing.
	document.addEventListener( 'close', readSoon, true ); // Their dialogs close when they have written.
	update();
} )();
