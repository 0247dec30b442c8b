<?php
/**
 * The subscribe form in pages.
 *
 * @package Gateway_Connector
 */

declare( strict_types=1 );

namespace Gateway_Connector;

use WP_Scripts;

/**
 * The block "Subscribe form" and the shortcode [gateway_connector_subscribe], which show the same.
 */
final class Subscribe_Block {

	public const SHORTCODE = 'gateway_connector_subscribe';

	private const HANDLE = 'gateway-connector-subscribe';
	private const EDITOR = 'gateway-connector-subscribe-block';

	private Subscribe_Listener $listener;

	public function __construct( Subscribe_Listener $listener ) {
		$this->listener = $listener;
	}

	public function register(): void {
		add_action( 'init', array( $this, 'register_block' ) );
		add_action( 'wp_default_scripts', array( $this, 'add_scripts' ) );
		add_action( 'enqueue_block_editor_assets', array( $this, 'add_texts' ) );
		add_shortcode( self::SHORTCODE, array( $this, 'shortcode' ) );
	}

	public function register_block(): void {
		wp_register_style( self::HANDLE, self::asset( 'subscribe-form.css' ), array(), VERSION );
		// WordPress translates what block.json says.
		register_block_type( dirname( PLUGIN_FILE ) . '/blocks/subscribe', array( 'render_callback' => array( $this, 'block' ) ) );
	}

	/**
	 * Adds the scripts when something asks for WordPress' scripts: wp_register_script() would set up all of them, which takes 4 ms
	 * of every request.
	 */
	public function add_scripts( WP_Scripts $scripts ): void {
		$scripts->add( self::HANDLE, self::asset( 'subscribe-form.js' ), array(), VERSION );
		$scripts->add_data( self::HANDLE, 'strategy', 'defer' );
		$needs = array( 'wp-api-fetch', 'wp-block-editor', 'wp-blocks', 'wp-components', 'wp-element', 'wp-server-side-render' );
		$scripts->add( self::EDITOR, self::asset( 'subscribe-block.js' ), $needs, VERSION );
		foreach ( array( self::HANDLE, self::EDITOR ) as $handle ) {
			$scripts->add_data( $handle, 'group', 1 ); // In the footer.
		}
	}

	private static function asset( string $name ): string {
		return plugins_url( "assets/{$name}", PLUGIN_FILE );
	}

	/**
	 * The block.
	 *
	 * @param array $attributes What its author chose.
	 */
	public function block( array $attributes ): string {
		return $this->html( $attributes, get_block_wrapper_attributes( array( 'class' => 'gateway-subscribe' ) ) );
	}

	/**
	 * The shortcode, for example [gateway_connector_subscribe list="lst_…" name="yes" label="Yes, send me the newsletter."].
	 *
	 * @param array|string $attributes What its author wrote.
	 */
	public function shortcode( $attributes ): string {
		return $this->html(
			shortcode_atts( Subscribe_Form::ATTRIBUTES, (array) $attributes, self::SHORTCODE ),
			'class="gateway-subscribe"'
		);
	}

	private function html( array $attributes, string $outer ): string {
		if ( is_feed() ) {
			return ''; // A form in a feed cannot be sent.
		}
		$form = Subscribe_Form::from_attributes( $attributes );
		if ( '' === $form->list ) {
			// Only those who can fix it see this.
			return current_user_can( 'edit_posts' )
				? sprintf(
					'<p %s>%s</p>',
					$outer,
					esc_html__( 'Subscribe form: choose a mailing list. Visitors see nothing here until then.', 'gateway-connector' )
				)
				: '';
		}
		wp_enqueue_style( self::HANDLE );
		wp_enqueue_script( self::HANDLE );
		Wake_Route::enqueue();
		return ( new Subscribe_Form_View( $form, $this->listener ) )->html( $outer );
	}

	/**
	 * Gives the editor's script its words; so all translations are in one place.
	 */
	public function add_texts(): void {
		wp_add_inline_script(
			self::EDITOR,
			sprintf( 'window.gatewayConnectorSubscribe = %s;', wp_json_encode( Subscribe_Block_Texts::all() ) ),
			'before'
		);
	}
}
