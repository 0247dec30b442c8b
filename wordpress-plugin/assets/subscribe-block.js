/**
 * The block "Subscribe form" in the editor: its settings, and the form as the server shows it.
 */
( ( { apiFetch, blockEditor, blocks, components, element, serverSideRender: ServerSideRender }, texts ) => {
	const { createElement: el, Fragment, useEffect, useState } = element;
	const { Disabled, Notice, PanelBody, Placeholder, SelectControl, TextControl, TextareaControl, ToggleControl } = components;
	const modern = { __next40pxDefaultSize: true, __nextHasNoMarginBottom: true };

	/** The gateway's lists; null until they are known. */
	const useLists = () => {
		const [ lists, setLists ] = useState( null );
		useEffect( () => {
			apiFetch( { path: '/gateway-connector/v1/lists' } ).then( setLists, () => setLists( { connected: true, items: [] } ) );
		}, [] );
		return lists;
	};

	const listOptions = ( lists, chosen ) => {
		const options = lists.items.map( ( { id, name } ) => ( { value: id, label: name } ) );
		if ( chosen && ! lists.items.some( ( { id } ) => id === chosen ) ) {
			options.push( { value: chosen, label: lists.items.length ? texts.gone.replace( '%s', chosen ) : chosen } );
		}
		return [ { value: '', label: texts.choose }, ...options ];
	};

	const ListMenu = ( { lists, chosen, choose } ) => {
		if ( ! lists ) {
			return el( components.Spinner );
		}
		const problem = lists.connected ? texts.noAnswer : texts.notConnected;
		return el(
			Fragment,
			null,
			! lists.items.length && el( Notice, { status: 'warning', isDismissible: false }, problem ),
			el( SelectControl, { ...modern, label: texts.list, value: chosen, options: listOptions( lists, chosen ), onChange: choose } )
		);
	};

	const Edit = ( { attributes, setAttributes } ) => {
		const lists = useLists();
		const set = ( name ) => ( value ) => setAttributes( { [ name ]: value } );
		const text = ( control, name, help ) =>
			el( control, { ...modern, label: texts[ name ], help, value: attributes[ name ], onChange: set( name ) } );
		const languages = [ [ '', texts.ofPage ], ...Object.entries( texts.languages ) ].map( ( [ value, label ] ) => ( { value, label } ) );
		const menu = el( ListMenu, { lists, chosen: attributes.list, choose: set( 'list' ) } );

		// Where there is only one list, nobody needs to choose.
		useEffect( () => {
			if ( lists && lists.items.length === 1 && ! attributes.list ) {
				setAttributes( { list: lists.items[ 0 ].id } );
			}
		}, [ lists ] );

		return el(
			Fragment,
			null,
			el(
				blockEditor.InspectorControls,
				null,
				el(
					PanelBody,
					{ title: texts.settings },
					menu,
					el( ToggleControl, { ...modern, label: texts.name, checked: attributes.name, onChange: set( 'name' ) } ),
					el( SelectControl, {
						...modern,
						label: texts.language,
						help: texts.languageHelp,
						value: attributes.language,
						options: languages,
						onChange: set( 'language' ),
					} ),
					text( TextControl, 'title', texts.titleHelp )
				),
				el(
					PanelBody,
					{ title: texts.texts },
					text( TextareaControl, 'label', texts.labelHelp ),
					text( TextControl, 'policy', texts.policyHelp ),
					text( TextControl, 'button', texts.ours ),
					text( TextareaControl, 'success', texts.ours )
				)
			),
			el(
				'div',
				blockEditor.useBlockProps(),
				attributes.list
					? el( Disabled, null, el( ServerSideRender, { block: 'gateway-connector/subscribe', attributes, skipBlockSupportAttributes: true } ) )
					: el(
						Placeholder,
						{
							icon: 'email-alt',
							label: blocks.getBlockType( 'gateway-connector/subscribe' ).title,
							instructions: texts.chooseFirst,
						},
						menu
					)
			)
		);
	};

	blocks.registerBlockType( 'gateway-connector/subscribe', { edit: Edit, save: () => null } );
} )( window.wp, window.gatewaySubscribe );
