<?php
/**
 * The subscribe form in pages.
 *
 * @package Gateway_Connector
 */

declare( strict_types=1 );

namespace Gateway_Connector;

/**
 * The block "Subscribe form" and the shortcode [gateway_subscribe], which show the same.
 */
final class Subscribe_Block {

	public const SHORTCODE = 'gateway_subscribe';

	private const HANDLE = 'gateway-connector-subscribe';
	private const EDITOR = 'gateway-connector-subscribe-block';

	private Subscribe_Listener $listener;

	public function __construct( Subscribe_Listener $listener ) {
		$this->listener = $listener;
	}

	public function register(): void {
		add_action( 'init', array( $this, 'register_block' ) );
		add_action( 'enqueue_block_editor_assets', array( $this, 'add_texts' ) );
		add_shortcode( self::SHORTCODE, array( $this, 'shortcode' ) );
	}

	public function register_block(): void {
		$assets = plugins_url( 'assets/', PLUGIN_FILE );
		wp_register_style( self::HANDLE, $assets . 'subscribe-form.css', array(), VERSION );
		wp_register_script( self::HANDLE, $assets . 'subscribe-form.js', array(), VERSION, array( 'strategy' => 'defer', 'in_footer' => true ) );
		$needs = array( 'wp-api-fetch', 'wp-block-editor', 'wp-blocks', 'wp-components', 'wp-element', 'wp-server-side-render' );
		wp_register_script( self::EDITOR, $assets . 'subscribe-block.js', $needs, VERSION, true );
		register_block_type( dirname( PLUGIN_FILE ) . '/blocks/subscribe', array( 'render_callback' => array( $this, 'block' ) ) ); // WordPress translates what block.json says.
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
	 * The shortcode, for example [gateway_subscribe list="lst_…" name="yes" label="Yes, send me the newsletter."].
	 *
	 * @param array|string $attributes What its author wrote.
	 */
	public function shortcode( $attributes ): string {
		return $this->html( shortcode_atts( Subscribe_Form::ATTRIBUTES, (array) $attributes, self::SHORTCODE ), 'class="gateway-subscribe"' );
	}

	private function html( array $attributes, string $outer ): string {
		if ( is_feed() ) {
			return ''; // What is read elsewhere cannot be sent from there.
		}
		$form = Subscribe_Form::from_attributes( $attributes );
		if ( '' === $form->list ) {
			// Only who can put that right is told.
			return current_user_can( 'edit_posts' ) ? sprintf( '<p %s>%s</p>', $outer, esc_html__( 'Subscribe form: choose a mailing list. Visitors see nothing here until then.', 'gateway-connector' ) ) : '';
		}
		wp_enqueue_style( self::HANDLE );
		wp_enqueue_script( self::HANDLE );
		return ( new Subscribe_Form_View( $form, $this->listener ) )->html( $outer );
	}

	/**
	 * Gives the editor's script its words; so all translations are in one place.
	 */
	public function add_texts(): void {
		wp_add_inline_script( self::EDITOR, sprintf( 'window.gatewaySubscribe = %s;', wp_json_encode( Subscribe_Block_Texts::all() ) ), 'before' );
	}
}
