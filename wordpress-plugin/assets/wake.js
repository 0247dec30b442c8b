/**
 * Starts the sending of what a form has just brought, after the visitor has seen the answer. Everything arrives without it, only later.
 */
( () => {
	const wake = () => fetch( window.gatewayConnectorWake, { method: 'POST', credentials: 'omit', keepalive: true } ).catch( () => {} );

	for ( const event of [ 'wpcf7mailsent', 'wpcf7mailfailed', 'gateway-connector-subscribed' ] ) {
		document.addEventListener( event, wake );
	}
} )();
